"""The engine on real model files: it computes what Keras computes, and refuses with a sentence."""

import json
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy.special import softmax

from digits.engine import load_engine
from digits.keras_file import MAX_UNPACKED_BYTES
from digits.model_file import MODEL, ModelFileError, load_metadata
from digits.training import mnist
from tests.processes import run_python

layers = keras.layers
DATA = Path(__file__).parent / "data"
THRESHOLDS = {"energy": -6.6, "confidence": 0.7}


@pytest.fixture(scope="module")
def infer():
    return load_engine(MODEL)


def network_of(*its_layers):
    return keras.Sequential([keras.Input((28, 28, 1)), *its_layers])


def random_inputs(count):
    """Model inputs of strokes: noise would leave all features of a trained network at 0."""
    random = np.random.default_rng(count)
    model_input = np.zeros((count, 28, 28), np.float32)
    for each in model_input:
        canvas = Image.new("L", (28, 28))
        points = list(map(tuple, random.uniform(5, 23, (4, 2))))
        ImageDraw.Draw(canvas).line(points, fill=255, width=3)
        each[:] = np.asarray(canvas) / 255
    return model_input


def assert_same_as_keras(path, model_input):
    """The probabilities differ by less than 1e-5 from those that Keras computes."""
    network = keras.saving.load_model(path, compile=False)
    last_dense = [each for each in network.layers if isinstance(each, layers.Dense)][-1]
    both = keras.Model(network.inputs, [last_dense.input, *network.outputs])
    expected_features, expected = both.predict(model_input[..., np.newaxis], verbose=0)
    features, logits = load_engine(path)(model_input)
    assert features.dtype == logits.dtype == np.float32
    np.testing.assert_allclose(features, expected_features, atol=1e-4, rtol=1e-4)
    assert np.abs(softmax(logits, axis=1) - expected).max() < 1e-5


@pytest.mark.usefixtures("mnist_train")
def test_all_mnist_test_images_get_the_probabilities_that_keras_computes():
    images, _ = mnist.load_test()
    assert len(images) == 10_000
    assert_same_as_keras(MODEL, images.astype(np.float32) / 255)


def test_the_shipped_model_gives_128_features_and_ten_logits(infer):
    features, logits = infer(random_inputs(3))
    assert (features > 0).any(axis=1).all()
    assert features.shape == (3, 128)
    assert logits.shape == (3, 10)
    assert_same_as_keras(MODEL, random_inputs(50))


def test_a_file_of_an_older_keras_is_read():
    """Saved by Keras 3.0.5 on JAX, whose configuration has other settings than today's."""
    assert_same_as_keras(DATA / "keras_3.0.5.keras", random_inputs(50))


def test_every_known_layer_and_setting_computes_what_keras_does(tmp_path):
    network = network_of(
        layers.Conv2D(4, (5, 3), strides=2, padding="same", use_bias=False),
        layers.BatchNormalization(scale=False, epsilon=0.01),
        layers.Activation("relu"),
        layers.Conv2D(6, 3, padding="same", groups=2, activation="relu"),
        layers.BatchNormalization(center=False),
        layers.MaxPooling2D(3, strides=2, padding="same"),
        layers.Conv2D(5, 3, padding="valid"),
        layers.MaxPooling2D(2, strides=1),
        layers.Dropout(0.5),
        layers.Flatten(),
        layers.Dense(12, activation="linear"),
        layers.BatchNormalization(),
        layers.Dense(10, use_bias=False),
        layers.Activation("softmax"),
    )
    random = np.random.default_rng(5)
    network.set_weights([random.uniform(-1, 1, each.shape) ** 2 for each in network.get_weights()])
    network.save(tmp_path / "every.keras")
    assert_same_as_keras(tmp_path / "every.keras", random_inputs(20))


def test_a_network_trained_in_mixed_precision_is_computed_in_float32(tmp_path):
    mixed = network_of(
        layers.Flatten(dtype="mixed_bfloat16"),
        layers.Dense(10, activation="softmax", dtype="mixed_bfloat16"),
    )
    mixed.save(tmp_path / "mixed.keras")
    kernel, bias = mixed.layers[-1].get_weights()
    model_input = random_inputs(5)
    features, logits = load_engine(tmp_path / "mixed.keras")(model_input)
    assert np.array_equal(features, model_input.reshape(5, 784))
    assert np.allclose(logits, features @ kernel + bias, atol=1e-5)


def test_many_threads_at_a_time_get_what_each_gets_alone(infer):
    batches = [random_inputs(count) for count in (1, 2, 3, 32)] * 25
    alone = [infer(batch) for batch in batches]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(infer, batches))
    for (features, logits), (features_alone, logits_alone) in zip(together, alone, strict=True):
        assert np.array_equal(features, features_alone)
        assert np.array_equal(logits, logits_alone)


MODULES = """
import sys
from digits.engine import load_engine
from digits.model_file import MODEL
late = {"h5py", "onnxruntime"} & set(sys.modules)
load_engine(MODEL)
print(*late, "|", *sys.modules)
"""


def test_serving_imports_no_keras_and_the_engine_only_when_it_loads(tmp_path):
    output = run_python("-c", MODULES, TMPDIR=str(tmp_path))
    assert output.returncode == 0, output.stderr
    assert output.stderr == ""
    assert list(tmp_path.iterdir()) == []  # the telemetry of ONNX Runtime would write a file
    late, loaded = output.stdout.split("|")
    assert late.split() == []
    assert {"h5py", "onnxruntime"} < set(loaded.split())
    assert not {"keras", "tensorflow", "openvino", "onnx", "scipy"} & set(loaded.split())


# What is refused


def assert_refused(path, words, load=load_engine):
    with pytest.raises(ModelFileError, match=words):
        load(path)


def described(model, **changes):
    """Write the metadata of a model that somebody else made."""
    metadata = {"sha256": sha256(model.read_bytes()).hexdigest(), "thresholds": THRESHOLDS}
    model.with_suffix(".json").write_text(json.dumps(metadata | changes))
    return model


def test_metadata_of_the_shipped_model_have_thresholds():
    thresholds = load_metadata(MODEL)["thresholds"]
    assert thresholds["energy"] < 0 < thresholds["confidence"] < 1


def test_metadata_that_are_missing_or_broken_or_of_another_model_get_a_sentence(tmp_path):
    model = tmp_path / "copy.keras"
    assert_refused(model, r"There is no model .*DIGITS_MODEL", load_metadata)

    model.write_bytes(MODEL.read_bytes())
    assert_refused(model, r"copy\.json, the metadata .* is missing or broken", load_metadata)

    thresholds = (
        '{"energy": "high"}',
        '{"energy": "-4", "confidence": 0.5}',
        '{"energy": NaN, "confidence": 0.5}',
    )
    broken = [f'{{"sha256": "0", "thresholds": {each}}}' for each in thresholds]
    for content in ("", "{}", "[]", "\x00", *broken):
        model.with_suffix(".json").write_text(content)
        assert_refused(model, "is missing or broken: restore it", load_metadata)

    assert load_metadata(str(described(model, trained="by hand")))["trained"] == "by hand"

    model.write_bytes(model.read_bytes()[:-1000])
    assert_refused(model, r"is not the model that copy\.json describes", load_metadata)


def changed(path, config=None, weights=None, method=zipfile.ZIP_STORED):
    """Copy the shipped model with another configuration or other weights."""
    with zipfile.ZipFile(MODEL) as old, zipfile.ZipFile(path, "w", method, compresslevel=1) as new:
        new.writestr("config.json", config or old.read("config.json"))
        new.writestr("model.weights.h5", weights or old.read("model.weights.h5"))
    return path


def shipped_config():
    with zipfile.ZipFile(MODEL) as archive:
        return archive.read("config.json").decode()


def changed_weights(change):
    """Return the shipped weights file after `change`, a function of the open ``h5py.File``."""
    with zipfile.ZipFile(MODEL) as archive:
        file = BytesIO(archive.read("model.weights.h5"))
    with h5py.File(file, "r+") as root:
        change(root)
    return file.getvalue()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('"Conv2D"', '"Conv2DOfTomorrow"'), "a layer Conv2DOfTomorrow"),
        (('"Dropout"', '"Lambda"'), "a layer Lambda"),
        (('"filters"', '"of_tomorrow": 0, "filters"'), r"Conv2D\(of_tomorrow=0\)"),
        (('"filters"', '"filters_of_tomorrow"'), r"Conv2D\(filters_of_tomorrow=32\)"),
        (('"activation": "relu"', '"activation": "gelu"'), r"Conv2D\(activation='gelu'\)"),
        (('"channels_last"', '"channels_first"'), r"Conv2D\(data_format='channels_first'\)"),
        (
            ('"dilation_rate": [1, 1]', '"dilation_rate": [2, 2]'),
            r"Conv2D\(dilation_rate=\[2, 2\]\)",
        ),
        (('"axis": -1', '"axis": 1'), r"BatchNormalization\(axis=1\)"),
        (("[null, 28, 28, 1]", "[null, 8, 8, 1]"), r"InputLayer\(batch_shape=\[None, 8, 8, 1\]\)"),
        (('"Sequential"', '"Functional"'), "a network Functional"),
        (('"softmax"', '"linear"'), "a softmax anywhere but"),
    ],
)
def test_what_the_engine_does_not_know_gets_a_sentence_that_lists_what_it_knows(
    tmp_path, change, named
):
    other = changed(tmp_path / "other.keras", shipped_config().replace(*change))
    known = "InputLayer, Conv2D, BatchNormalization, MaxPooling2D, Flatten, Dense, Dropout"
    assert_refused(other, rf"other\.keras has {named}.*{known}, Activation")


@pytest.mark.parametrize(
    "config",
    [
        *("{}", "[]", shipped_config()[:-50], "\xff"),
        shipped_config().replace('"kernel_size": [3, 3]', '"kernel_size": [3, 5]'),
        shipped_config().replace('"strides": [1, 1]', '"strides": [-1, 1]'),
        shipped_config().replace('"strides": [1, 1]', '"strides": [1000000000000, 1]'),
        shipped_config().replace('"relu"', '{"class_name": "relu"}'),
        shipped_config().replace('"Conv2D"', '["Conv2D"]'),
    ],
    ids=["empty", "list", "cut", "bytes", "kernel", "negative", "huge", "object", "no name"],
)
def test_a_broken_configuration_gets_a_sentence(tmp_path, config):
    broken = changed(tmp_path / "broken.keras", config)
    assert_refused(broken, r"broken\.keras (has|is not a model that can be)")


def replace_kernel(root, **data):
    del root["layers/dense/vars/0"]
    root["layers/dense/vars"].create_dataset("0", **data)


def link_to_another_file(root):
    del root["layers/dense/vars"]
    root["layers/dense/vars"] = h5py.ExternalLink(str(DATA / "other.h5"), "/vars")


@pytest.mark.parametrize(
    "change",
    [
        lambda root: root.pop("layers/dense/vars/1"),
        lambda root: root.pop("layers"),
        lambda root: replace_kernel(root, data=np.zeros((3135, 128), np.float32)),
        lambda root: replace_kernel(root, data=np.zeros((3136, 128, 1), np.float32)),
        lambda root: replace_kernel(root, data=np.zeros((3136, 128), np.int8)),
        lambda root: replace_kernel(root, data=["text"] * 10),
        lambda root: replace_kernel(root, shape=(3136, 128), dtype="f4", external="/etc/passwd"),
        link_to_another_file,
    ],
    ids=["lost", "none", "shape", "rank", "int8", "text", "external", "link"],
)
def test_wrong_weights_get_a_sentence(tmp_path, change):
    broken = changed(tmp_path / "broken.keras", weights=changed_weights(change))
    assert_refused(broken, r"broken\.keras is not a model that can be read")


def test_nine_classes_get_a_sentence(tmp_path):
    network = network_of(layers.Flatten(), layers.Dense(9, activation="softmax"))
    network.save(tmp_path / "nine.keras")
    assert_refused(tmp_path / "nine.keras", "gives 9 classes, not ten digits")


def test_what_is_no_archive_gets_a_sentence(tmp_path):
    broken = tmp_path / "broken.keras"
    assert_refused(broken, "is not a model that can be read")
    whole = MODEL.read_bytes()
    for data in (b"", b"no zip", whole[:-1000], whole[1000:], whole[:5000] + b"!" + whole[5001:]):
        broken.write_bytes(data)
        assert_refused(broken, "is not a model that can be read")
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("config.json", shipped_config())
    assert_refused(broken, "is not a model that can be read")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("member", ["config", "weights"])
def test_a_zip_bomb_is_not_unpacked(tmp_path, method, member):
    bomb = changed(
        tmp_path / "bomb.keras", method=method, **{member: bytes(4 * MAX_UNPACKED_BYTES)}
    )
    assert bomb.stat().st_size < MAX_UNPACKED_BYTES / 10
    assert_refused_in_little_memory(bomb)


def test_arrays_that_a_small_file_declares_are_not_unpacked(tmp_path):
    def declare(root):
        for i in range(8):
            shape = {"shape": (MAX_UNPACKED_BYTES // 8,), "chunks": (1000,)}
            root.create_dataset(f"layers/dense/vars/{2 + i}", dtype="f4", **shape)

    bomb = changed(tmp_path / "bomb.keras", weights=changed_weights(declare))
    assert bomb.stat().st_size < MAX_UNPACKED_BYTES / 10
    assert_refused_in_little_memory(bomb)


def assert_refused_in_little_memory(bomb):
    tracemalloc.start()
    try:
        assert_refused(bomb, "is not a model that can be read")
        assert tracemalloc.get_traced_memory()[1] < 3 * MAX_UNPACKED_BYTES
    finally:
        tracemalloc.stop()


def test_code_in_a_model_does_not_run(tmp_path):
    code = f"lambda x: (__import__('pathlib').Path({str(tmp_path / 'ran')!r}).touch(), x)[1]"
    network = network_of(layers.Lambda(eval(code)), layers.Flatten(), layers.Dense(10))
    network.save(tmp_path / "lambda.keras")
    (tmp_path / "ran").unlink()
    keras.saving.load_model(tmp_path / "lambda.keras", safe_mode=False)
    (tmp_path / "ran").unlink()  # so much for what it would do
    assert_refused(tmp_path / "lambda.keras", "has a layer Lambda")
    assert not (tmp_path / "ran").exists()
