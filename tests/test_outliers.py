import numpy as np

from digits.training.outliers import draw_outlier
from tests.small_mnist import small_mnist


def test_outliers_are_ink_on_paper_and_differ():
    random = np.random.default_rng(0)
    images, _ = small_mnist(10)
    pictures = [draw_outlier(random, images, 84) for _ in range(200)]
    for picture in pictures:
        assert picture.shape == (84, 84)
        assert picture.max() > 200
        assert (picture > 127).mean() < 0.7
    assert len({picture.tobytes() for picture in pictures}) > 150
