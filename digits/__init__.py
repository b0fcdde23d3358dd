"""Read handwritten digits: ``from digits import Recognizer``."""

from digits.reading import Reading
from digits.recognizer import Recognizer

__all__ = ["Reading", "Recognizer", "__version__"]

__version__ = "2.0.0"
