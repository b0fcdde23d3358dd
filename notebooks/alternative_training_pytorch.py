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
# The network of the other notebook, trained by PyTorch on the same batches with the same schedule,
# judged by the same functions, and turned into a `.keras` file that the app can serve. Read the
# other notebook first: it tells why. Here is only what differs.

# %% [markdown]
# ## Setup
#
# The notebook runs from its own folder and from the root of the repository. Where it is alone, as
# in Colab, it fetches the project first: give the address of its repository. PyTorch comes on top:
# `pip install torch`.

# %%
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = ""  # for instance "https://github.com/someone/digits"

places = (Path.cwd(), Path.cwd().parent, Path.cwd() / "project")
if not any((place / "digits").is_dir() for place in places):
    subprocess.run(["git", "clone", "--depth", "1", REPOSITORY, "project"], check=True)
    install = [sys.executable, "-m", "pip", "install", "-q", "-r"]
    subprocess.run([*install, "project/requirements-torch.txt"], check=True)
ROOT = next(place for place in places if (place / "digits").is_dir())
sys.path.insert(0, str(ROOT))
os.environ["KERAS_BACKEND"] = "torch"

# %%
import time
from concurrent.futures import ThreadPoolExecutor

import keras
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

from digits import Recognizer, mnist, strokes
from digits.drawing import normalize
from digits.evaluation import plot_hardest
from digits.network import build_network
from digits.training import (
    EPOCHS,
    LEARNING_RATE,
    AugmentedBatches,
    accuracy,
    calibrate,
    export,
    fast_precision,
    network_input,
)

print("PyTorch", torch.__version__)

# %% [markdown]
# Parameters, as in the other notebook. The model does not replace the shipped one: it goes into a
# folder of its own.

# %% tags=["parameters"]
seed = 0
epochs = EPOCHS
subset = None
model_path = str(ROOT / "checkpoints" / "pytorch.keras")

# %% [markdown]
# ## Data
#
# The same split, and the same augmented batches: batch `i` of an epoch depends on the seed, the
# epoch and `i` alone, whoever trains on it.

# %%
(x_train, y_train), (x_validation, y_validation) = mnist.load_train()
x_train, y_train = x_train[:subset], y_train[:subset]
batches = AugmentedBatches(x_train, y_train, seed=seed)
images, targets = batches[0]
images.shape, targets.shape

# %% [markdown]
# ## Network
#
# Layer by layer that of `digits.network`. What PyTorch does differently by itself is set to what
# Keras does: the start of the weights, and the pace and the safety term of batch normalization.

# %%
torch.manual_seed(seed)
normalization = {"eps": 1e-3, "momentum": 0.01}
network = nn.Sequential(
    nn.Conv2d(1, 32, 3, padding=1),
    nn.ReLU(),
    nn.BatchNorm2d(32, **normalization),
    nn.Conv2d(32, 32, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Dropout(0.1),
    nn.Conv2d(32, 64, 3, padding=1),
    nn.ReLU(),
    nn.BatchNorm2d(64, **normalization),
    nn.Conv2d(64, 64, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Dropout(0.1),
    nn.Flatten(),
    nn.Linear(7 * 7 * 64, 128),
    nn.ReLU(),
    nn.Dropout(0.3),
    nn.Linear(128, 10),
)
for layer in network:
    if isinstance(layer, nn.Conv2d | nn.Linear):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
sum(weights.numel() for weights in network.parameters())

# %% [markdown]
# ## Training
#
# The recipe of the other notebook in PyTorch's words, bfloat16 included where the processor has it.
# The next batches are prepared by other processes while the network learns from this one. About a
# minute and a quarter an epoch on two CPU cores that compute in bfloat16; a GPU waits for the cores
# that prepare its batches, 1,000 images a second each.

# %%
device = "cuda" if torch.cuda.is_available() else "cpu"
mixed = device == "cpu" and fast_precision() == "mixed_bfloat16"
network.to(device, memory_format=torch.channels_last)
steps = len(batches)
optimizer = torch.optim.Adam(network.parameters(), LEARNING_RATE, eps=1e-7)
schedule = SequentialLR(
    optimizer,
    [
        LinearLR(optimizer, 1 / steps, total_iters=steps),
        CosineAnnealingLR(optimizer, steps * max(epochs - 1, 1)),
    ],
    milestones=[steps],
)


def predict(images):
    """Give the probabilities of images, float32 (n, 28, 28, 1)."""
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
# ## Into Keras
#
# Keras keeps a kernel's channels last and flattens rows, columns, channels in this order; PyTorch
# keeps channels first. Nothing else differs, so the two agree to rounding.

# %%
kernels = []
network.to("cpu").eval()
for layer in network:
    if isinstance(layer, nn.Conv2d):
        kernels += [layer.weight.permute(2, 3, 1, 0), layer.bias]
    elif isinstance(layer, nn.BatchNorm2d):
        kernels += [layer.weight, layer.bias, layer.running_mean, layer.running_var]
    elif isinstance(layer, nn.Linear):
        weight = layer.weight
        if layer.in_features == 7 * 7 * 64:
            weight = weight.reshape(-1, 64, 7, 7).permute(0, 2, 3, 1).reshape(-1, 7 * 7 * 64)
        kernels += [weight.T, layer.bias]

device = "cpu"
in_keras = build_network()
in_keras.set_weights([array.detach().numpy() for array in kernels])
probabilities = predict(network_input(x_validation))
again = in_keras.predict(network_input(x_validation), batch_size=500, verbose=0)
difference = np.abs(again - probabilities).max()
assert difference < 1e-4
print(f"largest difference of two probabilities: {difference:.1e}")

# %% [markdown]
# ## Calibration, evaluation, export
#
# By the functions of the other notebook: real hands of half of the writers help to calibrate, the
# other half and the test images are looked at once.

# %%
drawings = strokes.load_unipen()
drawings = [
    drawing for drawing, whole in zip(drawings, strokes.is_whole(drawings), strict=True) if whole
][:: 1 if subset is None else 50]
writers = sorted({drawing.writer for drawing in drawings})
seen = np.stack([normalize(strokes.draw(drawing, "anywhere")) for drawing in drawings])
labels = np.array([int(drawing.label) for drawing in drawings])
for_calibration = np.isin([drawing.writer for drawing in drawings], writers[::2])
calibration = calibrate(
    in_keras,
    np.concatenate([x_validation / np.float32(255), seen[for_calibration]]),
    np.concatenate([y_validation, labels[for_calibration]]),
)
calibration

# %%
x_test, y_test = mnist.load_test()
probabilities = in_keras.predict(network_input(x_test), batch_size=500, verbose=0)
right = probabilities.argmax(axis=1) == y_test
undisputed = np.delete(right, mnist.DISPUTED_TEST_IDS)
print(f"MNIST test: {right.mean():.2%}, without the 15 disputed labels {undisputed.mean():.2%}")

others = ~for_calibration
sites = np.array([drawing.site for drawing in drawings])
on_real_hands = in_keras.predict(seen[..., np.newaxis], batch_size=500, verbose=0)
right = on_real_hands.argmax(axis=1) == labels
by_site = [right[others & (sites == site)].mean() for site in sorted(set(sites[others]))]
print(f"real hands, mean over {len(by_site)} writing sites: {np.mean(by_site):.2%}")

# %%
plot_hardest(seen[others], labels[others], on_real_hands[others])
plt.show()

# %%
Path(model_path).parent.mkdir(exist_ok=True)
facts = export(
    in_keras,
    {
        "trained": {"seed": seed, "epochs": epochs, "images": len(x_train), "by": "PyTorch"},
        "thresholds": calibration["thresholds"],
    },
    model_path,
)
reading = Recognizer.load(model_path).read(strokes.draw(drawings[0], "default"))
drawings[0].label, reading.digit, reading.verdict

# %% [markdown]
# `DIGITS_MODEL=checkpoints/pytorch.keras python app.py` opens the sketchpad with it.
#
# ## Keras on PyTorch
#
# Or leave the loop to Keras: this notebook runs it on PyTorch, and the network of the first
# notebook trains there unchanged. A taste, on a few batches:

# %%
keras.utils.set_random_seed(seed)
taste = AugmentedBatches(x_train[:2560], y_train[:2560], seed=seed)
on_torch = build_network()
on_torch.compile(
    keras.optimizers.Adam(LEARNING_RATE), "categorical_crossentropy", metrics=[accuracy]
)
history = on_torch.fit(taste, epochs=2, verbose=0)
taste.close()
print(keras.backend.backend(), [f"{share:.2%}" for share in history.history["accuracy"]])
