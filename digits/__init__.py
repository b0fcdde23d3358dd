"""Read handwritten digits: ``from digits import Recognizer``."""

from digits.recognizer import Reading, Recognizer

__all__ = ["Reading", "Recognizer"]
