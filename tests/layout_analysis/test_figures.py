"""Digits in figures that matplotlib plotted: colour bars and other axes beside them."""

from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.pictures import drawn, text, with_pen


def plotted(digit, colours, is_gridded=False, chart=None):
    """Show a digit of 28x28 pixels with ticks, and a colour bar or a bar chart beside it."""
    image = np.asarray(ImageOps.invert(drawn(digit, 0.7, 0.08)).resize((28, 28)))
    figure, axes = plt.subplots(1, 2 if chart else 1, figsize=(5.5, 3), squeeze=False)
    shown = axes[0, 0].imshow(image, cmap=colours)
    if chart:
        axes[0, 1].bar(range(10), chart)
    else:
        figure.colorbar(shown)
    axes[0, 0].grid(is_gridded)
    figure.savefig(file := BytesIO(), dpi=100)
    plt.close(figure)
    return Image.open(file)


@pytest.mark.parametrize("is_gridded", [False, True], ids=["plain", "gridded"])
@pytest.mark.parametrize("colours", ["gray", "gray_r", "viridis"])
@pytest.mark.parametrize("digit", [0, 4, 6])
def test_a_colour_bar_is_no_digit(recognizer, digit, colours, is_gridded):
    figure = plotted(digit, colours, is_gridded)
    assert text(recognizer, figure) == str(digit)


def test_a_chart_beside_the_image_is_none(recognizer):
    chart = [0.02, 0.01, 0.9, 0.03, 0.01, 0.01, 0.02, 0.05, 0.03, 0.02]
    assert text(recognizer, plotted(2, "gray", chart=chart)) == "2"


def test_a_one_beside_a_box_is_a_digit(recognizer):
    box = with_pen(lambda pen: pen.rectangle((160, 120, 340, 330), outline=0, width=5))
    one = with_pen(lambda pen: pen.line((80, 130, 78, 320), 0, 12))
    assert text(recognizer, one(box()))[0] == "1"
