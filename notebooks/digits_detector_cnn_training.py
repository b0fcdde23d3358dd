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
# # Training a digit recognizer for real handwriting
#
# This notebook trains the model behind the sketchpad, from MNIST to the exported file: prepare the
# data, build the network, train, calibrate, evaluate, export. Run all cells, and the model is saved
# to `models/`, where `app.py` loads it.
#
# The number of epochs is fixed in advance, and nothing is selected on the test images or on the
# test writers.

# %% [markdown]
# ## Setup
#
# The notebook runs from its own folder or from the root of the repository. On its own, as in Colab,
# it clones the project first: set `REPOSITORY` to its address, such as
# `https://github.com/someone/digits`.

# %%
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = ""

places = (Path.cwd(), Path.cwd().parent, Path.cwd() / "project")
if not any((place / "digits").is_dir() for place in places):
    assert REPOSITORY, "Set REPOSITORY to the address of the project."
    subprocess.run(["git", "clone", "--depth", "1", REPOSITORY, "project"], check=True)
    requirements = ["-r", "project/requirements-train.txt"]
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", *requirements], check=True)
ROOT = next(place for place in places if (place / "digits").is_dir())
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # hide TensorFlow's messages about the machine
sys.path.insert(0, str(ROOT))

# %%
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from sklearn.metrics import classification_report, roc_auc_score

from digits import Recognizer
from digits.chart import probability_chart
from digits.engine import load_engine
from digits.normalization import normalize
from digits.training.augmentation import build_pipeline, enlarge
from digits.training.batches import MixedBatches, accuracy
from digits.training.calibration import calibrate
from digits.training.export import export
from digits.training.metrics import (
    expected_calibration_error,
    macro_accuracy,
    negative_log_likelihood,
)
from digits.training.mixture import BatchMix, Mixture
from digits.training.mnist import DISPUTED_TEST_IDS, load_test, load_train, network_input
from digits.training.outliers import without_lookalikes
from digits.training.own_drawings import load_own_drawings
from digits.training.pen import draw_by_another_hand
from digits.training.plots import (
    plot_confusion,
    plot_images,
    plot_most_confident_errors,
    plot_network,
    plot_reliability,
)
from digits.training.precision import fast_precision
from digits.training.render import draw
from digits.training.stroke_shapes import (
    is_crossed_seven,
    is_flagged_one,
    is_slashed_zero,
    isolated_digits,
)
from digits.training.unipen import load_unipen
from digits.training.writers import split_by_writer

# %% [markdown]
# Parameters. With `subset = 2000` and `epochs = 1` the notebook uses 2,000 images and every 20th
# drawing, shows within two minutes that everything works, and leaves the app's model as it is. The
# state of the training is saved to `checkpoint_dir` after each epoch: run again after an
# interruption, the training resumes. Delete the folder to start over.

# %% tags=["parameters"]
seed = 0
epochs = 18
mix = BatchMix(mnist=80, strokes=60, outliers=52)
learning_rate = 2e-3
weight_decay = 0.1
subset = None
left_out_site = None  # a site of UNIPEN to train without, to see what a new place brings
own_drawings = None  # a file of "Download my drawings" on the page: train on your own writing, too
checkpoint_dir = str(ROOT / "checkpoints")
model_path = None  # where to save the model; see "Export"

# %% [markdown]
# ## Prepare the data
#
# ### MNIST
#
# 55,000 images for training and 5,000 for validation and calibration: a stratified split of the
# MNIST training images. The 10,000 test images are not loaded before the end.

# %%
(x_train, y_train), (x_validation, y_validation) = load_train()
x_train, y_train = x_train[:subset], y_train[:subset]
print(f"{len(x_train):,} training images, {len(x_validation):,} validation images")
print("of each digit:", np.bincount(y_train))

# %%
ten_of_each = [image for digit in range(10) for image in x_train[y_train == digit][:10]]
plot_images(ten_of_each)
plt.show()

# %% [markdown]
# ### Augmentation
#
# MNIST's writers seldom slashed a zero or put a flag on a one, and most did not cross their sevens;
# much of the world does. The pipeline draws such strokes into the digits, changes the width of the
# pen, then scales, rotates, shears and distorts them, sharpens or softens their edges and shows
# some in few pixels. Its last step, `normalize_ink`, also prepares a visitor's drawing.

# %%
pipeline = build_pipeline(seed)
pipeline

# %% [markdown]
# A seven and 29 augmentations of it:

# %%
seven = x_train[y_train == 7][3]
plot_images([seven, *(pipeline(image=enlarge(seven), label=7)["image"] for _ in range(29))])
plt.show()

# %% [markdown]
# The ten images of each digit from above, augmented:

# %%
plot_images(
    [pipeline(image=enlarge(image), label=i // 10)["image"] for i, image in enumerate(ten_of_each)]
)
plt.show()

# %% [markdown]
# ### Pen strokes
#
# No set of rules covers all that people write. UNIPEN holds the strokes of digits, letters and
# symbols that people wrote on tablets at 13 sites. Its writers are split once, by a hash of their
# names: 70 % for training, 10 % for calibration, 20 % for the evaluation at the end.

# %%
drawings = {category: load_unipen(category=category) for category in ("1a", "1b", "1c", "1d")}
drawings["1a"] = isolated_digits(drawings["1a"])
drawings = {
    category: [one for one in some if one.site != left_out_site]
    for category, some in drawings.items()
}
if subset is not None:
    drawings = {category: some[::20] for category, some in drawings.items()}
parts = {category: split_by_writer(some) for category, some in drawings.items()}
for name, category in {"digits": "1a", "capitals": "1b", "small": "1c", "symbols": "1d"}.items():
    counts = (
        f"{len(some):,} of {len({one.writer for one in some})} writers ({part})"
        for part, some in parts[category].items()
    )
    print(f"{name}: " + ", ".join(counts))

# %% [markdown]
# Ten digits, drawn at ten sizes and places and with ten pens:

# %%
written = parts["1a"]["training"]
ten = [next(one for one in written if one.label == str(digit)) for digit in range(10)]
plot_images([255 - draw(one, "anywhere", size=200) for one in ten])
plt.show()

# %% [markdown]
# Your own handwriting, if you corrected drawings on the page and downloaded them:

# %%
if own_drawings is not None:
    written = written + load_own_drawings(own_drawings)
print(f"{len(written):,} drawings to train on")

# %% [markdown]
# In training, the path itself is changed, not its picture: rotated, slanted, stretched and bent,
# and drawn with another pen at any resolution. Three of these digits, each redrawn ten times:

# %%
random = np.random.default_rng(seed)
plot_images([draw_by_another_hand(one.strokes, random) for one in ten[2:5] for _ in range(10)])
plt.show()

# %% [markdown]
# ### Batches
#
# Worker processes draw every batch afresh while the network trains: MNIST digits, digits of pen
# strokes, and outliers, whose target is uniform over the ten digits (outlier exposure; Hendrycks et
# al., 2019): letters and symbols of the same writers, pieces of words, half-drawn digits, two
# digits in one picture, and glyphs shuffled from the strokes of several characters. The probability
# of a writer grows with the square root of the number of that writer's drawings, so that large
# sites do not dominate. Here are 40 inputs of each kind.

# %%
letters = {part: parts["1b"][part] + parts["1c"][part] for part in parts["1b"]}
mixture = Mixture(written, letters["training"], parts["1d"]["training"], mix)
batches = MixedBatches(x_train, y_train, mixture, smoothing=0.05, seed=seed)
images, targets = batches[0]
for start in (0, mix.mnist, mix.mnist + mix.strokes):
    plot_images(images[start : start + 40, ..., 0])
    plt.show()

# %% [markdown]
# ## Build the model
#
# Two blocks of two 3x3 convolutions, batch normalization and max pooling, then a dense layer of 128
# features and a softmax over the ten digits. Input: 28x28 grey values, ink 1 on paper 0.


# %%
def build_network():
    """Build the untrained network: images (n, 28, 28, 1) in, probabilities (n, 10) out."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Dropout(0.1),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Dropout(0.1),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax", dtype="float32"),  # in mixed precision, too
        ],
        name="mnist_cnn",
    )


build_network().summary()

# %%
plot_network(build_network())
plt.show()

# %% [markdown]
# ## Train
#
# AdamW with one epoch of linear warm-up and a cosine decay to zero, label smoothing, a fixed number
# of epochs. The weights after the last epoch are the result: nothing is selected.
#
# An epoch has one pass over MNIST, 132,000 model inputs in all. Each core prepares about a thousand
# of them per second, which is the limit on a GPU.

# %%
keras.utils.set_random_seed(seed)
keras.config.set_dtype_policy(fast_precision())
trained = build_network()
keras.config.set_dtype_policy("float32")

steps = len(batches)
schedule = keras.optimizers.schedules.CosineDecay(
    0.0, steps * max(epochs - 1, 1), warmup_target=learning_rate, warmup_steps=steps
)
optimizer = keras.optimizers.AdamW(schedule, weight_decay=weight_decay)
optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
trained.compile(
    optimizer=optimizer,
    loss="categorical_crossentropy",
    metrics=[accuracy],
)

# %%
started = time.time()
fitted = trained.fit(
    batches,
    epochs=epochs,
    validation_data=(network_input(x_validation), np.eye(10)[y_validation]),
    validation_batch_size=500,
    callbacks=[
        keras.callbacks.LambdaCallback(on_epoch_begin=batches.start_epoch),
        keras.callbacks.BackupAndRestore(checkpoint_dir),
    ],
)
minutes = (time.time() - started) / 60
batches.close()
print(f"{minutes:.1f} minutes in {fast_precision()}")

# %% [markdown]
# Validation looks better for three reasons: its digits are MNIST's own, neither augmented nor mixed
# with strokes; dropout is off; and its targets are hard. In training, the uniform targets of the
# outliers and the smoothed ones of the digits keep the loss above 0.82, however good the network
# is.

# %%
figure, axes = plt.subplots(1, 2, figsize=(11, 3.5), layout="constrained")
for axis, name in zip(axes, ("loss", "accuracy"), strict=True):
    seen = [epoch + 1 for epoch in fitted.epoch]  # later ones if the training was resumed
    axis.plot(seen, fitted.history[name], "o-", label="training, augmented")
    axis.plot(seen, fitted.history[f"val_{name}"], "o-", label="validation")
    axis.set(xlabel="epoch", ylabel=name)
    axis.legend()
plt.show()

# %% [markdown]
# From here on the network computes in float32, whatever precision it was trained in.

# %%
network = build_network()
network.set_weights(trained.get_weights())
probabilities = network.predict(network_input(x_validation), batch_size=500, verbose=0)
validation_accuracy = float((probabilities.argmax(axis=1) == y_validation).mean())
print(f"validation accuracy {validation_accuracy:.2%}")

# %% [markdown]
# ## Calibrate
#
# One temperature scales the logits so that a probability of 90 % is right in about 90 % of the
# cases. It is below 1: smoothed and uniform targets made the network underconfident. It is folded
# into the last layer, so the saved file itself is calibrated. The same digits set the thresholds of
# the verdicts: the 1.5 % with the highest energy are turned away, and the 1.5 % with the lowest
# confidence are called unsure. The energy is minus the logarithm of the summed exponentials of the
# logits: low for what looks like a digit (Liu et al., 2020). The digits are MNIST's validation
# images and those of the validation writers, drawn large and small.


# %%
def draw_all(some, condition):
    """Draw digits under a condition of `digits.training.render.draw`: model inputs and labels."""
    inputs = np.stack([normalize(draw(one, condition)) for one in some])
    return inputs, np.array([int(one.label) for one in some])


calibration_sets = [
    (x_validation / np.float32(255), y_validation),
    *(draw_all(parts["1a"]["validation"], condition) for condition in ("anywhere", "coarse")),
]
calibration = calibrate(
    network, *(np.concatenate(arrays) for arrays in zip(*calibration_sets, strict=True))
)
calibration

# %% [markdown]
# ## Evaluate on the MNIST test images

# %%
x_test, y_test = load_test()
probabilities = network.predict(network_input(x_test), batch_size=500, verbose=0)
predictions = probabilities.argmax(axis=1)
right = predictions == y_test
undisputed = np.delete(right, DISPUTED_TEST_IDS)
print(f"accuracy {right.mean():.2%} ({(~right).sum()} errors)")
print(f"loss {negative_log_likelihood(probabilities, y_test):.4f}")
print(f"without the 15 disputed labels {undisputed.mean():.2%}")
print(classification_report(y_test, predictions, digits=4, zero_division=0))

# %%
plot_confusion(y_test, predictions)
plt.show()

# %% [markdown]
# The errors, the most confident first; # is the index of the test image:

# %%
plot_most_confident_errors(x_test, y_test, probabilities)
plt.show()

# %% [markdown]
# ## Evaluate on writers not seen in training
#
# The digits of the test writers, drawn as on the page, at any size and place with any pen, and in
# few pixels. The mean over sites counts a site with 13 digits of one writer, ceb, as much as one
# with a thousand: each of those 13 is 1.3 points of the mean. `Recognizer.read` also reads some
# of which `normalize` alone drops a piece. `python -m benchmarks.accuracy` prints its accuracy,
# beside two plain ways of preprocessing, and `python -m benchmarks.sites` shows what changes when a
# whole site is left out of training.

# %%
test = parts["1a"]["test"]
sites = np.array([one.site for one in test])
strokes_right = {}
for condition in ("default", "anywhere", "coarse"):
    strokes_input, strokes_labels = draw_all(test, condition)
    strokes_probabilities = network.predict(strokes_input[..., None], batch_size=500, verbose=0)
    strokes_right[condition] = strokes_probabilities.argmax(axis=1) == strokes_labels
    macro = macro_accuracy(strokes_right[condition], sites)
    print(f"{condition}: {macro:.2%}, mean over sites, {len(test):,} digits")
for site in np.unique(sites):
    shares = (f"{right_here[sites == site].mean():.2%}" for right_here in strokes_right.values())
    print(f"{site}, {(sites == site).sum():,} digits: " + ", ".join(shares))

# %% [markdown]
# Styles that are rare in MNIST, recognized by the shape of the strokes alone. No test writer
# slashed a zero.

# %%
styles = {
    "slashed zeros": is_slashed_zero,
    "flagged or footed ones": is_flagged_one,
    "crossed sevens": is_crossed_seven,
}
for name, rule in styles.items():
    members = strokes_right["anywhere"][[rule(one) for one in test]]
    if members.size:
        print(f"{name}: {members.mean():.2%} of {len(members)}")

# %% [markdown]
# The errors in few pixels, the most confident first:

# %%
plot_most_confident_errors(strokes_input, strokes_labels, strokes_probabilities)
plt.show()

# %% [markdown]
# Is the network right as often as its probabilities say? On the diagonal it is. More than 97 % of
# the digits are in the last of the 15 bins; the other points stand for few digits each and scatter.

# %%
plot_reliability(
    {
        "MNIST test": (probabilities, y_test),
        "test writers, in few pixels": (strokes_probabilities, strokes_labels),
    }
)
plt.show()

# %% [markdown]
# ## Export
#
# The model and its metadata replace the previous ones; the app loads them at its next start. A
# model trained on only part of the data stays in `checkpoint_dir`.

# %%
if model_path is None:
    is_whole = subset is None and left_out_site is None
    folder = ROOT / "models" if is_whole else Path(checkpoint_dir)
    model_path = folder / "mnist_cnn_albu.keras"
metadata = export(
    network,
    {
        "trained": {
            "seed": seed,
            "epochs": epochs,
            "images": len(x_train),
            "batch": vars(mix),
            "learning_rate": learning_rate,
            "weight_decay": weight_decay,
            "minutes": round(minutes, 1),
            "precision": fast_precision(),
            "cores": os.cpu_count(),
        },
        "split": {
            "train": len(x_train),
            "validation": len(x_validation),
            "test": len(x_test),
            "stratified": True,
        },
        "writers": {part: len({one.writer for one in some}) for part, some in parts["1a"].items()},
        "calibrated_on": calibration["n"],
        "temperature": calibration["temperature"],
        "thresholds": calibration["thresholds"],
        "figures": {
            "mnist_test_accuracy": float(right.mean()),
            "mnist_test_accuracy_undisputed": float(undisputed.mean()),
            "mnist_test_loss": negative_log_likelihood(probabilities, y_test),
            "mnist_test_ece": expected_calibration_error(probabilities, y_test),
            "mnist_validation_accuracy": validation_accuracy,
            **{
                f"test_writers_{condition}": macro_accuracy(one, sites)
                for condition, one in strokes_right.items()
            },
        },
    },
    model_path,
)
metadata

# %% [markdown]
# The app runs this file without Keras. It computes the same probabilities:

# %%
_, logits = load_engine(model_path)(network_input(x_test)[..., 0])
served = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
difference = np.abs(served - probabilities).max()
assert difference < 1e-5
print(f"largest difference: {difference:.1e}")

# %% [markdown]
# ## Read drawings
#
# Digits of test writers in the first two rows, their letters below, each with its verdict and the
# most probable digit:

# %%
recognizer = Recognizer.load(model_path)
random = np.random.default_rng(seed)
others = without_lookalikes(letters["test"])
picks = [test[i] for i in random.integers(len(test), size=20)]
picks += [others[i] for i in random.integers(len(others), size=20)]
readings = recognizer.read_many(draw(one, "anywhere") for one in picks)
plot_images(
    [reading.model_input for reading in readings],
    [f"{reading.verdict}\n{reading.top[0][0]}, {reading.top[0][1]:.0%}" for reading in readings],
)
plt.show()

# %% [markdown]
# How well the energy tells digits from letters, some hundreds of each, without the letters that
# some people write just like a digit:

# %%
energies = [
    [reading.energy for reading in recognizer.read_many(draw(one, "anywhere") for one in some)]
    for some in (test[:: -(-len(test) // 500)], others[:: -(-len(others) // 500)])
]
auroc = roc_auc_score(np.repeat([0, 1], [len(some) for some in energies]), np.concatenate(energies))
print(f"AUROC {auroc:.3f}")


# %% [markdown]
# Occlusion maps: the darker, the more the logarithm of the digit's probability drops when that ink
# is covered, compared with the ink of the same drawing that matters most.

# %%
shown = [reading for reading in readings[:20] if reading.digit is not None][:10]
pairs = [(reading.model_input, recognizer.occlusion_map(reading)) for reading in shown]
titles = [(f"read as {reading.digit}", "occlusion map") for reading in shown]
plot_images(sum(pairs, ()), sum(titles, ()))
plt.show()

# %% [markdown]
# One drawing and its reading, as the app shows it:

# %%
canvas = draw(next(one for one in test if one.label == "7"), "default")
plot_images([255 - canvas], columns=4)
plt.show()
reading = recognizer.read(canvas)
reading.digit, reading.verdict, reading.top[:3]

# %%
probability_chart(reading.probabilities)

# %% [markdown]
# ## Next
#
# `python app.py` opens the sketchpad with the model in `models/`, or with the one that the
# environment variable `DIGITS_MODEL` names. `python -m benchmarks.accuracy` prints the full table,
# and `python -m benchmarks.seeds` runs this notebook with other seeds.
# `alternative_training_pytorch.ipynb` trains the same network in PyTorch.
