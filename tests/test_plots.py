import numpy as np

from digits.training.plots import plot_confusion, plot_most_confident_errors, plot_reliability


def test_confusion_as_counts_and_as_shares():
    figure = plot_confusion(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]))
    texts = [[text.get_text() for text in axis.texts] for axis in figure.axes]
    assert texts == [["1", "1", "2"], ["50.0", "50.0", "100.0"]]


def test_the_most_confident_error_comes_first():
    labels = np.array([0, 0, 1, 1])
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.1, 0.9]])
    figure = plot_most_confident_errors(np.zeros((4, 28, 28)), labels, probabilities)
    titles = [axis.get_title() for axis in figure.axes if axis.get_title()]
    assert titles == ["0 read as 1\n80%, #1", "1 read as 0\n60%, #2"]


def test_reliability_has_a_line_for_every_set():
    probabilities, labels = np.tile([0.9, 0.1], (10, 1)), np.array([0] * 6 + [1] * 4)
    (axis,) = plot_reliability({"some": (probabilities, labels)}).axes
    _, line = axis.lines
    np.testing.assert_allclose(line.get_xydata(), [[0.9, 0.6]])
    assert line.get_label() == "some: ECE 30.00%"
