"""Plot images, labels and probabilities as Matplotlib figures."""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import ConfusionMatrixDisplay

from digits.training.metrics import expected_calibration_error, reliability


def plot_images(images, titles=None, columns=10):
    """Show images as dark ink on white paper, in a grid.

    Parameters
    ----------
    images : sequence of ndarray, shape (h, w)
        Ink is the largest value.
    titles : sequence of str, optional
    columns : int

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = max(1, -(-len(images) // columns))
    height = 1.0 if titles is None else 1.35
    figure, axes = plt.subplots(
        rows, columns, figsize=(columns, rows * height), squeeze=False, layout="constrained"
    )
    for axis in axes.flat:
        axis.axis("off")
    for i, (axis, image) in enumerate(zip(axes.flat, images, strict=False)):
        axis.imshow(image, cmap="gray_r")
        if titles is not None:
            axis.set_title(titles[i], fontsize=7)
    return figure


def plot_confusion(labels, predictions):
    """Draw the confusion matrix twice: as counts and as shares of each true digit.

    Parameters
    ----------
    labels, predictions : ndarray of int, shape (n,)

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(1, 2, figsize=(13, 5.5), layout="constrained")
    for axis, normalize, title in zip(
        axes, (None, "true"), ("Counts", "Share of the true digit, percent"), strict=True
    ):
        display = ConfusionMatrixDisplay.from_predictions(
            labels, predictions, normalize=normalize, include_values=False, cmap="Blues",
            ax=axis, colorbar=False,
        )  # fmt: skip
        matrix = display.confusion_matrix
        for row, column in np.argwhere(matrix > 0):
            value = matrix[row, column]
            text = f"{value}" if normalize is None else f"{value:.1%}"[:-1]
            colour = "white" if value > matrix.max() / 2 else "black"
            axis.text(column, row, text, ha="center", va="center", fontsize=8, color=colour)
        axis.set_title(title)
    return figure


def plot_most_confident_errors(images, labels, probabilities):
    """Show the 40 errors with the highest probability of the wrong digit.

    Parameters
    ----------
    images : ndarray, shape (n, 28, 28)
        Ink is the largest value.
    labels : ndarray of int, shape (n,)
    probabilities : ndarray, shape (n, 10)

    Returns
    -------
    matplotlib.figure.Figure
    """
    predictions, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(predictions != labels)
    hardest = wrong[np.argsort(-confidence[wrong])][:40]
    titles = [f"{labels[i]} read as {predictions[i]}\n{confidence[i]:.0%}, #{i}" for i in hardest]
    return plot_images(images[hardest], titles)


def plot_reliability(sets):
    """Plot accuracy over confidence, one line per set; calibrated ones follow the diagonal.

    Parameters
    ----------
    sets : dict of str to (probabilities, labels)
        Arrays as in `digits.training.metrics.reliability`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = plt.subplots(figsize=(5, 5), layout="constrained")
    axis.plot([0, 1], [0, 1], color="grey", linewidth=1)
    for name, (probabilities, labels) in sets.items():
        confidence, accuracy, share = reliability(probabilities, labels)
        error = expected_calibration_error(probabilities, labels)
        filled = share > 0
        axis.plot(
            confidence[filled],
            accuracy[filled],
            "o-",
            label=f"{name}: ECE {error:.2%}",
            markersize=4,
        )
    axis.set(xlabel="Confidence", ylabel="Accuracy", xlim=(0, 1), ylim=(0, 1))
    axis.legend()
    return figure


def plot_network(network):
    """Draw the layers of a network as a row of blocks, as tall as their outputs.

    Parameters
    ----------
    network : keras.Sequential

    Returns
    -------
    matplotlib.figure.Figure
    """
    colours = dict(zip(("Conv2D", "BatchNormalization", "MaxPooling2D", "Dense"),
                       ("#4c78a8", "#b8c9de", "#f58518", "#54a24b"), strict=True))  # fmt: skip
    figure, axis = plt.subplots(figsize=(12, 3.6), layout="constrained")
    shapes = [("Input", network.input_shape[1:])]
    shapes += [(type(layer).__name__, layer.output.shape[1:]) for layer in network.layers]
    for i, (name, shape) in enumerate(shapes):
        height = shape[0] if len(shape) == 3 else 4 * np.log2(shape[0])
        axis.bar(i, height, 0.7, bottom=-height / 2, color=colours.get(name, "#bab0ac"))
        size = "x".join(map(str, shape))
        axis.text(i, -26, f"{name}\n{size}", ha="right", va="top", rotation=40, fontsize=8)
    axis.set_ylim(-46, 25)
    axis.axis("off")
    return figure
