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
# The number of epochs is fixed in advance, and the test images are used once, at the end: nothing
# is selected on them.

# %% [markdown]
# ## Setup
#
# The notebook runs from its own folder or from the root of the repository. On its own, as in Colab,
# it clones the project first: set `REPOSITORY` to its address.

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
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # hide TensorFlow's messages about the machine
sys.path.insert(0, str(ROOT))

# %%
import time
import warnings

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from sklearn.metrics import classification_report

from digits import Recognizer
from digits.chart import probability_chart
from digits.engine import load_engine
from digits.normalization import normalize
from digits.training.augmentation import build_pipeline, enlarge
from digits.training.batches import AugmentedBatches, accuracy
from digits.training.calibration import calibrate
from digits.training.export import export
from digits.training.metrics import (
    expected_calibration_error,
    macro_accuracy,
    negative_log_likelihood,
)
from digits.training.mnist import DISPUTED_TEST_IDS, load_test, load_train, network_input
from digits.training.outliers import draw_outlier
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
    is_isolated_digit,
    is_slashed_zero,
)
from digits.training.unipen import load_unipen

warnings.simplefilter("error", UserWarning)  # how Albumentations reports an unknown argument

# %% [markdown]
# Parameters. With `subset = 2000` and `epochs = 1` the notebook trains on 2,000 images and shows
# within two minutes that everything works. The state of the training is saved to `checkpoint_dir`
# after each epoch: run again after an interruption, the training resumes. Delete the folder to
# start over.

# %% tags=["parameters"]
seed = 0
epochs = 24
batch_size = 128
learning_rate = 2e-3
subset = None
checkpoint_dir = str(ROOT / "checkpoints")
model_path = str(ROOT / "models" / "mnist_cnn_albu.keras")

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
# MNIST's writers hardly ever slashed a zero, crossed a seven or put a flag on a one; much of the
# world does. The pipeline draws such strokes into the digits, changes the width of the pen, then
# scales, rotates, shears and distorts them. Its last step is the function that also prepares a
# visitor's drawing: training and serving use the same preprocessing.

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
# The ten of each digit from above, augmented:

# %%
plot_images(
    [pipeline(image=enlarge(image), label=i // 10)["image"] for i, image in enumerate(ten_of_each)]
)
plt.show()

# %% [markdown]
# ### Batches
#
# Every batch is augmented afresh by worker processes while the network trains. Besides 128 digits
# it contains 16 outliers (letters, scribbles, shapes, two digits in one picture) whose target is
# uniform over the ten digits: from them the network learns what is not a digit. Here are the last
# 24 digits and the outliers of one batch.

# %%
batches = AugmentedBatches(
    x_train, y_train, batch_size=batch_size, outliers=16, smoothing=0.05, seed=seed
)
images, targets = batches[0]
titles = [f"{target.argmax()}" if target.max() > 0.5 else "outlier" for target in targets]
plot_images(images[-40:, ..., 0], titles[-40:])
plt.show()

# %% [markdown]
# ### Pen strokes
#
# Digits that people wrote on tablets (UNIPEN), drawn on a white canvas at any size and position and
# with any pen. They are not trained on. Half of the writers serve for calibration, the other half
# for evaluation.

# %%
drawings = load_unipen()
isolated = is_isolated_digit(drawings)
drawings = [drawing for drawing, one in zip(drawings, isolated, strict=True) if one]
drawings = drawings if subset is None else drawings[::50]
strokes_input = np.stack([normalize(draw(drawing, "anywhere")) for drawing in drawings])
strokes_labels = np.array([int(drawing.label) for drawing in drawings])
sites = np.array([drawing.site for drawing in drawings])
writers = sorted({drawing.writer for drawing in drawings})
for_calibration = np.isin([drawing.writer for drawing in drawings], writers[::2])
print(f"{len(drawings):,} digits of {len(writers)} writers from {len(set(sites))} sites")

# %%
sample = np.random.default_rng(seed).choice(len(drawings), 40, replace=False)
plot_images(strokes_input[sample], [drawings[i].label for i in sample])
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
# Adam with one epoch of linear warm-up and a cosine decay to zero, label smoothing, a fixed number
# of epochs. The weights after the last epoch are the result.
#
# One and a half to three minutes per epoch on two CPU cores: the former on a processor with
# bfloat16 instructions (`fast_precision`). A core prepares about 1,000 images per second, which is
# the limit on a GPU.

# %%
keras.utils.set_random_seed(seed)
keras.config.set_dtype_policy(fast_precision())
trained = build_network()
keras.config.set_dtype_policy("float32")

steps = len(batches)
schedule = keras.optimizers.schedules.CosineDecay(
    0.0, steps * max(epochs - 1, 1), warmup_target=learning_rate, warmup_steps=steps
)
trained.compile(
    optimizer=keras.optimizers.Adam(schedule),
    loss="categorical_crossentropy",
    metrics=[accuracy],
)

# %%
started = time.time()
history = trained.fit(
    batches,
    epochs=epochs,
    validation_data=(network_input(x_validation), np.eye(10)[y_validation]),
    validation_batch_size=500,
    callbacks=[
        keras.callbacks.LambdaCallback(on_epoch_begin=batches.start_epoch),
        keras.callbacks.BackupAndRestore(checkpoint_dir),
    ],
).history
minutes = (time.time() - started) / 60
batches.close()
print(f"{minutes:.1f} minutes in {fast_precision()}")

# %% [markdown]
# Accuracy and loss are computed on augmented digits for training and on plain ones for validation,
# which is why validation looks better.

# %%
figure, axes = plt.subplots(1, 2, figsize=(11, 3.5), layout="constrained")
for axis, name in zip(axes, ("loss", "accuracy"), strict=True):
    axis.plot(range(1, len(history[name]) + 1), history[name], "o-", label="training, augmented")
    axis.plot(range(1, len(history[name]) + 1), history[f"val_{name}"], "o-", label="validation")
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
# One temperature scales the logits so that a probability of 90 % is right in 90 % of the cases. It
# is folded into the last layer: the saved file itself is calibrated. The same digits set the
# thresholds of the verdicts: the 1.5 % that look least like a digit are turned away, and the 1.5 %
# with the lowest confidence are called unsure.

# %%
calibration = calibrate(
    network,
    np.concatenate([x_validation / np.float32(255), strokes_input[for_calibration]]),
    np.concatenate([y_validation, strokes_labels[for_calibration]]),
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
# The most confident errors:

# %%
plot_most_confident_errors(x_test, y_test, probabilities)
plt.show()

# %% [markdown]
# ## Evaluate on pen strokes
#
# By the writers that did not serve for calibration. `python -m benchmarks.accuracy` prints the full
# table, with two plain ways of preprocessing for comparison.

# %%
evaluated = ~for_calibration
strokes_probabilities = network.predict(strokes_input[..., np.newaxis], batch_size=500, verbose=0)
strokes_right = strokes_probabilities.argmax(axis=1) == strokes_labels
for site in np.unique(sites[evaluated]):
    of_site = strokes_right[evaluated & (sites == site)]
    print(f"{site}: {of_site.mean():.2%} of {len(of_site):,}")
print(f"mean over sites: {macro_accuracy(strokes_right[evaluated], sites[evaluated]):.2%}")

# %% [markdown]
# Styles that MNIST lacks, of all writers, recognized by the shape of the strokes alone:

# %%
styles = {
    "slashed zeros": is_slashed_zero,
    "flagged or footed ones": is_flagged_one,
    "crossed sevens": is_crossed_seven,
}
for name, rule in styles.items():
    members = strokes_right[[rule(drawing) for drawing in drawings]]
    if members.size:
        print(f"{name}: {members.mean():.2%} of {len(members)}")

# %% [markdown]
# The most confident errors:

# %%
plot_most_confident_errors(
    strokes_input[evaluated], strokes_labels[evaluated], strokes_probabilities[evaluated]
)
plt.show()

# %% [markdown]
# Is the network right as often as its probabilities say? On the diagonal it is.

# %%
plot_reliability(
    {
        "MNIST test": (probabilities, y_test),
        "pen strokes": (strokes_probabilities[evaluated], strokes_labels[evaluated]),
    }
)
plt.show()

# %% [markdown]
# ## Export
#
# The model and its metadata replace the previous ones; the app loads them at its next start.

# %%
metadata = export(
    network,
    {
        "trained": {
            "seed": seed,
            "epochs": epochs,
            "images": len(x_train),
            "batch_size": batch_size,
            "learning_rate": learning_rate,
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
# Digits of real writers in the first two rows, outliers below, each with its verdict and the most
# probable digit:

# %%
recognizer = Recognizer.load(model_path)
random = np.random.default_rng(seed + 1)
pictures = [draw(drawings[i], "anywhere") for i in sample[:20]]
pictures += [255 - draw_outlier(random, x_validation, 140) for _ in range(20)]
readings = recognizer.read_many(pictures)
plot_images(
    [reading.model_input for reading in readings],
    [f"{reading.verdict}\n{reading.top[0][0]}, {reading.top[0][1]:.0%}" for reading in readings],
)
plt.show()

# %% [markdown]
# Occlusion maps: the darker, the more the probability of the digit drops when that ink is covered.
# Flags, bars and ticks should matter little.

# %%
shown = [reading for reading in readings[:20] if reading.digit is not None][:10]
pairs = [(reading.model_input, recognizer.occlusion_map(reading)) for reading in shown]
titles = [(f"read as {reading.digit}", "occlusion map") for reading in shown]
plot_images(sum(pairs, ()), sum(titles, ()))
plt.show()

# %% [markdown]
# One drawing and its reading, as the app shows it:

# %%
canvas = draw(next(drawing for drawing in drawings if drawing.label == "7"), "default")
plot_images([255 - canvas], columns=4)
plt.show()
reading = recognizer.read(canvas)
reading.digit, reading.verdict, reading.top[:3]

# %%
probability_chart(reading.probabilities)

# %% [markdown]
# ## Next
#
# `python app.py` opens the sketchpad with this model. `python -m benchmarks.accuracy` prints the
# full table, and `python -m benchmarks.seeds` runs this notebook with other seeds.
# `alternative_training_pytorch.ipynb` trains the same network in PyTorch.
