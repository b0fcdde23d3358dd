# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A digit recognizer that is right on what people really draw
#
# From MNIST to the model behind the sketchpad: data, augmentation with the handwriting styles that
# MNIST lacks, training, calibration, an honest evaluation, export. Run all cells; the model lands
# in `models/`, where `app.py` finds it.
#
# The test images are looked at once, at the end. The number of epochs is fixed beforehand, and
# nothing is selected on them.

# %% [markdown]
# ## Setup
#
# The notebook runs from its own folder and from the root of the repository. Where it is alone, as
# in Colab, it fetches the project first: give the address of its repository.

# %%
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = ""  # for instance "https://github.com/someone/digits"

places = (Path.cwd(), Path.cwd().parent, Path.cwd() / "project")
if not any((place / "digits").is_dir() for place in places):
    subprocess.run(["git", "clone", "--depth", "1", REPOSITORY, "project"], check=True)
    requirements = ["-r", "project/requirements-train.txt"]
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", *requirements], check=True)
ROOT = next(place for place in places if (place / "digits").is_dir())
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow tells of this machine, at length

# %%
import time
import warnings

import keras
import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import classification_report

from digits import Recognizer, mnist, strokes
from digits.augmentation import build_pipeline, enlarge
from digits.chart import probability_chart
from digits.drawing import normalize
from digits.evaluation import (
    expected_calibration_error,
    negative_log_likelihood,
    plot_confusion,
    plot_hardest,
    plot_images,
    plot_network,
    plot_reliability,
)
from digits.network import build_network
from digits.outliers import draw_outlier
from digits.training import EPOCHS, calibrate, export, fast_precision, network_input, train

warnings.simplefilter("error", UserWarning)  # Albumentations drops unknown arguments with one

# %% [markdown]
# Parameters. `subset` trains on that many images instead of 55,000: with `epochs = 1` it shows in a
# few minutes that everything works. `keep` is a folder for the state after each epoch: started
# again after an interruption, the training goes on where it was. Delete it to begin anew.

# %% tags=["parameters"]
seed = 0
epochs = EPOCHS
subset = None
keep = str(ROOT / "checkpoints")
model_path = str(ROOT / "models" / "mnist_cnn_albu.keras")

# %% [markdown]
# ## Data
#
# 55,000 images to train on, 5,000 to choose and calibrate on: a stratified split of the MNIST
# training images. The 10,000 test images stay where they are until the end.

# %%
(x_train, y_train), (x_validation, y_validation) = mnist.load_train()
x_train, y_train = x_train[:subset], y_train[:subset]
print(f"{len(x_train):,} to train on, {len(x_validation):,} to validate")
print("of each digit:", np.bincount(y_train))

# %%
firsts = [image for digit in range(10) for image in x_train[y_train == digit][:10]]
plot_images(firsts)
plt.show()

# %% [markdown]
# ## Augmentation
#
# MNIST's writers hardly ever slash a zero, cross a seven, or put a flag on a one; half the world
# does. So the pipeline draws such strokes into the digits, in their own ink, changes the pen, then
# moves, turns, slants and bends them. Last comes `normalize`, the very function that prepares a
# visitor's drawing.

# %%
build_pipeline(seed)

# %% [markdown]
# One seven, thirty times:

# %%
pipeline = build_pipeline(seed)
seven = x_train[y_train == 7][3]
plot_images([seven, *(pipeline(image=enlarge(seven), label=7)["image"] for _ in range(29))])
plt.show()

# %% [markdown]
# Ten of each digit, augmented. A share of each batch is no digit at all (letters, scribbles,
# shapes, heaps of digits), with all ten digits equally probable: this is what teaches doubt.

# %%
plot_images(
    [pipeline(image=enlarge(image), label=i // 10)["image"] for i, image in enumerate(firsts)]
)
plt.show()

# %% [markdown]
# ## Network

# %%
build_network().summary()

# %%
plot_network(build_network())
plt.show()

# %% [markdown]
# ## Training
#
# Adam with a warm-up and a cosine decay to zero, label smoothing, a fixed number of epochs; the
# weights after the last epoch are the result. One and a half to three minutes an epoch on two CPU
# cores, the former where they compute in bfloat16 (`fast_precision`); other cores prepare the
# batches, 1,000 images a second each, so a GPU is as fast as they are.

# %%
started = time.time()
network, history = train(
    (x_train, y_train), (x_validation, y_validation), epochs=epochs, seed=seed, checkpoint=keep
)
minutes = (time.time() - started) / 60
on_validation = network.predict(network_input(x_validation), batch_size=500, verbose=0)
validation_accuracy = float((on_validation.argmax(axis=1) == y_validation).mean())
print(f"{minutes:.1f} minutes in {fast_precision()}; validation accuracy {validation_accuracy:.2%}")

# %% [markdown]
# The network sees augmented digits while it trains and plain ones when it is validated, so the
# validation accuracy is the higher one.

# %%
figure, axes = plt.subplots(1, 2, figsize=(11, 3.5), layout="constrained")
for axis, name in zip(axes, ("loss", "accuracy"), strict=True):
    axis.plot(range(1, len(history[name]) + 1), history[name], "o-", label="training, augmented")
    axis.plot(range(1, len(history[name]) + 1), history[f"val_{name}"], "o-", label="validation")
    axis.set(xlabel="epoch", ylabel=name)
    axis.legend()
plt.show()

# %% [markdown]
# ## Real hands
#
# Pen strokes that people wrote (UNIPEN), drawn on a white canvas at any size, anywhere, with any
# pen. Half of the writers help to calibrate; the other half are kept for the figures below.

# %%
drawings = strokes.load_unipen()
drawings = [
    drawing for drawing, whole in zip(drawings, strokes.is_whole(drawings), strict=True) if whole
][:: 1 if subset is None else 50]
writers = sorted({drawing.writer for drawing in drawings})
seen = np.stack([normalize(strokes.draw(drawing, "anywhere")) for drawing in drawings])
labels = np.array([int(drawing.label) for drawing in drawings])
for_calibration = np.isin([drawing.writer for drawing in drawings], writers[::2])
print(f"{len(drawings):,} digits of {len(writers)} writers")

# %%
picks = np.random.default_rng(seed).choice(len(drawings), 40, replace=False)
plot_images(seen[picks], [drawings[i].label for i in picks])
plt.show()

# %% [markdown]
# ## Calibration and doubt
#
# One temperature for the whole network, folded into its last layer, so that the file itself is
# calibrated. The thresholds of the verdicts come from the same digits by one rule: 1.5 % are turned
# away as looking least like a digit, and 1.5 % are called unsure.

# %%
calibration = calibrate(
    network,
    np.concatenate([x_validation / np.float32(255), seen[for_calibration]]),
    np.concatenate([y_validation, labels[for_calibration]]),
)
calibration

# %% [markdown]
# ## Evaluation on the test images
#
# The first and only look at them.

# %%
x_test, y_test = mnist.load_test()
probabilities = network.predict(network_input(x_test), batch_size=500, verbose=0)
predictions = probabilities.argmax(axis=1)
right = predictions == y_test
undisputed = np.delete(right, mnist.DISPUTED_TEST_IDS)
print(f"accuracy {right.mean():.2%} ({(~right).sum()} errors)")
print(f"loss {negative_log_likelihood(probabilities, y_test):.4f}")
print(f"without the 15 disputed labels {undisputed.mean():.2%}")
print(classification_report(y_test, predictions, digits=4, zero_division=0))

# %%
plot_confusion(y_test, predictions)
plt.show()

# %% [markdown]
# The errors in which the network was surest:

# %%
plot_hardest(x_test, y_test, probabilities)
plt.show()

# %% [markdown]
# ## Evaluation on real hands
#
# The writers who did not help to calibrate. `benchmarks/accuracy.py` prints the full table, with
# two plain preprocessings beside ours.

# %%
others = ~for_calibration
sites = np.array([drawing.site for drawing in drawings])
on_real_hands = network.predict(seen[..., np.newaxis], batch_size=500, verbose=0)
right_hands = on_real_hands.argmax(axis=1) == labels
by_site = {site: right_hands[others & (sites == site)] for site in sorted(set(sites[others]))}
for site, right_here in by_site.items():
    print(f"{site}: {right_here.mean():.2%} of {len(right_here):,}")
print(f"macro: {np.mean([right_here.mean() for right_here in by_site.values()]):.2%}")

# %% [markdown]
# The styles that MNIST lacks, told by the shape of the strokes alone, of all writers:

# %%
styles = {
    "slashed zeros": strokes.is_slashed_zero,
    "flagged or footed ones": strokes.is_flagged_one,
    "crossed sevens": strokes.is_crossed_seven,
}
for name, rule in styles.items():
    members = np.array([rule(drawing) for drawing in drawings])
    print(f"{name}: {right_hands[members].mean():.2%} of {members.sum()}")

# %%
plot_hardest(seen[others], labels[others], on_real_hands[others])
plt.show()

# %% [markdown]
# Is it as often right as it says? On the diagonal it is.

# %%
plot_reliability(
    {
        "MNIST test": (probabilities, y_test),
        "real hands": (on_real_hands[others], labels[others]),
    }
)
plt.show()

# %% [markdown]
# ## Export
#
# The model and what is known about it, each put in place in one step. The app picks them up the
# next time it starts.

# %%
facts = export(
    network,
    {
        "trained": {
            "seed": seed,
            "epochs": epochs,
            "images": len(x_train),
            "minutes": round(minutes, 1),
            "precision": fast_precision(),
        },
        "split": {"train": 55000, "validation": 5000, "test": 10000, "stratified": True},
        "calibrated_on": calibration["n"],
        "temperature": calibration["temperature"],
        "thresholds": calibration["thresholds"],
        "figures": {
            "mnist_test_accuracy": float(right.mean()),
            "mnist_test_accuracy_undisputed": float(undisputed.mean()),
            "mnist_test_loss": negative_log_likelihood(probabilities, y_test),
            "mnist_test_ece": expected_calibration_error(probabilities, y_test),
            "mnist_validation_accuracy": validation_accuracy,
        },
    },
    model_path,
)
facts

# %% [markdown]
# Loaded again, the file gives the same probabilities:

# %%
recognizer = Recognizer.load(model_path)
again = keras.saving.load_model(model_path).predict(
    network_input(x_test[:1000]), batch_size=500, verbose=0
)
assert np.abs(again - probabilities[:1000]).max() < 1e-6

# %% [markdown]
# Doubt: digits of real hands in the first two rows, below them what is no digit, each with the
# verdict and what it was read as.

# %%
random = np.random.default_rng(seed + 1)
pictures = [strokes.draw(drawings[i], "anywhere") for i in picks[:20]]
pictures += [255 - draw_outlier(random, x_validation, 140) for _ in range(20)]
readings = recognizer.read_many(pictures)
plot_images(
    [reading.seen for reading in readings],
    [f"{reading.verdict}\n{reading.top[0][0]}, {reading.top[0][1]:.0%}" for reading in readings],
)
plt.show()

# %% [markdown]
# Where the evidence was: the darker, the less probable the digit would be without that ink. Flags,
# bars and ticks should count for little.

# %%
shown = [reading for reading in readings[:20] if reading.digit is not None][:10]
plot_images(
    [image for reading in shown for image in (reading.seen, recognizer.evidence(reading))],
    [title for reading in shown for title in (f"read as {reading.digit}", "evidence")],
)
plt.show()

# %% [markdown]
# One reading, as the app shows it:

# %%
example = next(drawing for drawing in drawings if drawing.label == "7")
canvas = strokes.draw(example, "default")
plot_images([canvas.max() - canvas], columns=4)
plt.show()
reading = recognizer.read(canvas)
reading.digit, reading.verdict, reading.top[:3]

# %%
probability_chart(reading.probabilities)

# %% [markdown]
# ## What next
#
# `python app.py` opens the sketchpad with this model; draw in it. `python -m benchmarks.accuracy`
# prints the full table, `python -m benchmarks.seeds` trains with other seeds.
# `alternative_training_pytorch.ipynb` trains the same network in PyTorch.
