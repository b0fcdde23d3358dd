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
# # The same network in PyTorch
#
# The network of `digits_detector_cnn_training.ipynb`, trained by PyTorch on the same batches with
# the same schedule, evaluated by the same functions, and saved as a `.keras` file that the app can
# load. The other notebook explains the recipe; this one shows what differs.

# %% [markdown]
# ## Setup
#
# The notebook runs from its own folder or from the root of the repository. On its own, as in Colab,
# it clones the project first: set `REPOSITORY` to its address, such as
# `https://github.com/someone/digits`. `requirements-torch.txt` adds PyTorch to what the other
# notebook needs.

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
    requirements = ["-r", "project/requirements-torch.txt"]
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", *requirements], check=True)
ROOT = next(place for place in places if (place / "digits").is_dir())
sys.path.insert(0, str(ROOT))
os.environ["KERAS_BACKEND"] = "torch"

# %%
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import h5py
import keras
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

from digits import Recognizer
from digits.normalization import normalize
from digits.training.batches import MixedBatches, accuracy
from digits.training.calibration import calibrate
from digits.training.export import export
from digits.training.metrics import macro_accuracy
from digits.training.mixture import BatchMix, Mixture
from digits.training.mnist import DISPUTED_TEST_IDS, load_test, load_train, network_input
from digits.training.plots import plot_most_confident_errors
from digits.training.precision import fast_precision
from digits.training.render import draw
from digits.training.stroke_shapes import isolated_digits
from digits.training.unipen import load_unipen
from digits.training.writers import split_by_writer

print("PyTorch", torch.__version__)

# %% [markdown]
# Parameters, as in the other notebook, but for a run of 4 epochs instead of 18. `subset` takes that
# many images of MNIST and every 20th drawing, to see in minutes that everything works. The
# model does not replace the shipped one but goes into a folder of its own.

# %% tags=["parameters"]
seed = 0
epochs = 4
mix = BatchMix(mnist=80, strokes=60, outliers=52)
learning_rate = 2e-3
weight_decay = 0.1
subset = None
model_path = str(ROOT / "checkpoints" / "pytorch.keras")

# %% [markdown]
# ## Prepare the data
#
# The same split of MNIST and of the writers of pen strokes, and the same batches: batch `i` of an
# epoch depends only on the seed, the epoch and `i`, whoever trains on it.

# %%
(x_train, y_train), (x_validation, y_validation) = load_train()
x_train, y_train = x_train[:subset], y_train[:subset]
drawings = {category: load_unipen(category=category) for category in ("1a", "1b", "1c", "1d")}
drawings["1a"] = isolated_digits(drawings["1a"])
if subset is not None:
    drawings = {category: some[::20] for category, some in drawings.items()}
parts = {category: split_by_writer(some) for category, some in drawings.items()}
digits, capitals, small, symbols = (some["training"] for some in parts.values())
mixture = Mixture(digits, capitals + small, symbols, mix)
batches = MixedBatches(x_train, y_train, mixture, smoothing=0.05, seed=seed)
images, targets = batches[0]
images.shape, targets.shape

# %% [markdown]
# ## Build the model
#
# The layers are those of the Keras network, and so are their names: those under which a `.keras`
# file stores the weights. Where the defaults of PyTorch differ from those of Keras, they are set to
# the latter: initial weights, and momentum and epsilon of batch normalization.

# %%
torch.manual_seed(seed)
as_in_keras = {"eps": 1e-3, "momentum": 0.01}
network = nn.Sequential(
    OrderedDict(
        conv2d=nn.Conv2d(1, 32, 3, padding=1),
        relu=nn.ReLU(),
        batch_normalization=nn.BatchNorm2d(32, **as_in_keras),
        conv2d_1=nn.Conv2d(32, 32, 3, padding=1),
        relu_1=nn.ReLU(),
        max_pooling2d=nn.MaxPool2d(2),
        dropout=nn.Dropout(0.1),
        conv2d_2=nn.Conv2d(32, 64, 3, padding=1),
        relu_2=nn.ReLU(),
        batch_normalization_1=nn.BatchNorm2d(64, **as_in_keras),
        conv2d_3=nn.Conv2d(64, 64, 3, padding=1),
        relu_3=nn.ReLU(),
        max_pooling2d_1=nn.MaxPool2d(2),
        dropout_1=nn.Dropout(0.1),
        flatten=nn.Flatten(),
        dense=nn.Linear(7 * 7 * 64, 128),
        relu_4=nn.ReLU(),
        dropout_2=nn.Dropout(0.3),
        dense_1=nn.Linear(128, 10),
    )
)
for layer in network:
    if isinstance(layer, nn.Conv2d | nn.Linear):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
print(f"{sum(weights.numel() for weights in network.parameters()):,} trainable parameters")

# %% [markdown]
# ## Train
#
# The same recipe: AdamW with warm-up and cosine decay, without weight decay for biases and batch
# normalization, label smoothing, bfloat16 where the processor has it. Worker processes draw the
# next batches meanwhile. Each core prepares about a thousand model inputs per second, which is the
# limit on a GPU.

# %%
device = "cuda" if torch.cuda.is_available() else "cpu"
mixed = device == "cpu" and fast_precision() == "mixed_bfloat16"
network.to(device, memory_format=torch.channels_last)
steps = len(batches)
decayed = [weights for weights in network.parameters() if weights.ndim > 1]
others = [weights for weights in network.parameters() if weights.ndim == 1]
optimizer = torch.optim.AdamW(
    [{"params": decayed, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}],
    learning_rate,
    eps=1e-7,
)
schedule = SequentialLR(
    optimizer,
    [
        LinearLR(optimizer, 1 / steps, total_iters=steps),
        CosineAnnealingLR(optimizer, steps * max(epochs - 1, 1)),
    ],
    milestones=[steps],
)


def predict(images):
    """Return the probabilities (n, 10) of images, float32 (n, 28, 28, 1)."""
    network.eval()
    with torch.inference_mode():
        parts = torch.from_numpy(images.transpose(0, 3, 1, 2)).split(500)
        return np.concatenate([network(part.to(device)).softmax(1).cpu().numpy() for part in parts])


# %%
started = time.time()
for epoch in range(epochs):
    batches.start_epoch(epoch)
    network.train()
    losses = []
    with ThreadPoolExecutor(batches.workers) as threads:
        for images, targets in threads.map(batches.__getitem__, range(steps)):
            with torch.autocast(device, torch.bfloat16, enabled=mixed):
                logits = network(torch.from_numpy(images.transpose(0, 3, 1, 2)).to(device))
            loss = nn.functional.cross_entropy(logits.float(), torch.from_numpy(targets).to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
    validated = (predict(network_input(x_validation)).argmax(1) == y_validation).mean()
    print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, validation accuracy {validated:.2%}")
batches.close()
minutes = (time.time() - started) / 60
print(f"{minutes:.1f} minutes")

# %% [markdown]
# ## Convert to Keras
#
# Keras keeps the channels last, in kernels and when it flattens an image; PyTorch keeps them first.
# The converted arrays are stored by name, as Keras stores them, and loaded into the shipped
# network, whose architecture is the same.

# %%
device = "cpu"
network.to(device).eval()
converted = {}
for name, layer in network.named_children():
    if isinstance(layer, nn.Conv2d):
        converted[name] = [layer.weight.permute(2, 3, 1, 0), layer.bias]
    elif isinstance(layer, nn.BatchNorm2d):
        converted[name] = [layer.weight, layer.bias, layer.running_mean, layer.running_var]
    elif isinstance(layer, nn.Linear):
        converted[name] = [layer.weight.T, layer.bias]
kernel = converted["dense"][0]  # its rows follow the flattened image
converted["dense"][0] = kernel.reshape(64, 7, 7, 128).permute(1, 2, 0, 3).reshape(7 * 7 * 64, 128)

Path(model_path).parent.mkdir(exist_ok=True)
weights_path = Path(model_path).with_suffix(".weights.h5")
with h5py.File(weights_path, "w") as file:
    for name, arrays in converted.items():
        for i, array in enumerate(arrays):
            file[f"layers/{name}/vars/{i}"] = array.detach().numpy()

in_keras = keras.saving.load_model(ROOT / "models" / "mnist_cnn_albu.keras")
in_keras.load_weights(weights_path)
weights_path.unlink()

# %% [markdown]
# Both compute the same probabilities:

# %%
probabilities = predict(network_input(x_validation))
again = in_keras.predict(network_input(x_validation), batch_size=500, verbose=0)
difference = np.abs(again - probabilities).max()
assert difference < 1e-4
print(f"largest difference: {difference:.1e}")

# %% [markdown]
# ## Calibrate, evaluate, export
#
# As in the other notebook: MNIST's validation images and the digits of the validation writers for
# calibration, the test writers for evaluation.


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
    in_keras, *(np.concatenate(arrays) for arrays in zip(*calibration_sets, strict=True))
)
calibration

# %%
x_test, y_test = load_test()
probabilities = in_keras.predict(network_input(x_test), batch_size=500, verbose=0)
right = probabilities.argmax(axis=1) == y_test
undisputed = np.delete(right, DISPUTED_TEST_IDS)
print(f"MNIST test: {right.mean():.2%}, without the 15 disputed labels {undisputed.mean():.2%}")

test = parts["1a"]["test"]
sites = [one.site for one in test]
for condition in ("default", "anywhere", "coarse"):
    strokes_input, strokes_labels = draw_all(test, condition)
    probabilities = in_keras.predict(strokes_input[..., np.newaxis], verbose=0)
    right = probabilities.argmax(axis=1) == strokes_labels
    print(f"{condition}: {macro_accuracy(right, sites):.2%}, mean over sites, {len(test):,} digits")

# %% [markdown]
# The errors in few pixels, the most confident first; # is the index of the test drawing:

# %%
plot_most_confident_errors(strokes_input, strokes_labels, probabilities)
plt.show()

# %%
export(
    in_keras,
    {
        "trained": {
            "seed": seed,
            "epochs": epochs,
            "images": len(x_train),
            "batch": vars(mix),
            "learning_rate": learning_rate,
            "weight_decay": weight_decay,
            "minutes": round(minutes, 1),
        },
        "thresholds": calibration["thresholds"],
    },
    model_path,
)
reading = Recognizer.load(model_path).read(draw(test[0], "default"))
test[0].label, reading.digit, reading.verdict

# %% [markdown]
# `DIGITS_MODEL=checkpoints/pytorch.keras python app.py` opens the sketchpad with it.
#
# ## Keras on PyTorch
#
# Or let Keras run the loop: with PyTorch as its backend it trains the same network unchanged. Here
# on a few batches, from new weights:

# %%
keras.utils.set_random_seed(seed)
few = MixedBatches(x_train[:1600], y_train[:1600], mixture, seed=seed)
on_torch = keras.models.clone_model(in_keras)
on_torch.compile(
    keras.optimizers.AdamW(learning_rate, weight_decay=weight_decay),
    "categorical_crossentropy",
    metrics=[accuracy],
)
history = on_torch.fit(few, epochs=2, verbose=0)
few.close()
print(keras.backend.backend(), [f"{share:.2%}" for share in history.history["accuracy"]])
