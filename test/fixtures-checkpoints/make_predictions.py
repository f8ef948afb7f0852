"""A small network with random weights in each framework, saved as its users save it, and what the framework
itself says of a photograph with it.

    KERAS_BACKEND=torch python test/fixtures-checkpoints/make_predictions.py

writes predictions/tiny.{pth,caffemodel,keras,onnx} and predictions/expected.json: of each the probabilities of
its classes for examples/photos/chelsea.jpg. The networks are those of docs/checkpoints.md. Caffe's is run in
PyTorch, and its picture is made as in ../fixtures-pictures/make_presets.py.
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import torch
from PIL import Image
from torch import nn

for operator in ["nms", "qnms"]:
    torch.library.define(f"torchvision::{operator}", "(Tensor boxes, Tensor scores, float threshold) -> Tensor")

import keras  # noqa: E402
import onnxruntime  # noqa: E402
from torchvision import models  # noqa: E402

from caffe_proto import net  # noqa: E402

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "predictions"
PHOTO = HERE.parent.parent / "examples" / "photos" / "chelsea.jpg"
CLASSES = 3


class Tiny(nn.Module):
    def __init__(self, norm):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 7, stride=4, padding=3, bias=not norm)
        if norm:
            self.bn1 = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, CLASSES)

    def forward(self, x):
        x = self.conv1(x)
        x = torch.relu(self.bn1(x) if hasattr(self, "bn1") else x)
        return self.fc(x.mean((2, 3)))


def seeded(module, seed):
    """Weights that tell classes apart, and statistics that are not those of a new norm."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in module.state_dict().items():
            if value.is_floating_point():
                value.copy_(torch.randn(value.shape, generator=generator) * (0.1 if "conv" in name else 1))
                if name.endswith("var"):
                    value.abs_().add_(0.5)
    return module.double().eval()


def picture():
    return Image.open(PHOTO).convert("RGB")


def probabilities(logits):
    return torch.softmax(torch.as_tensor(logits, dtype=torch.float64).flatten(), 0).tolist()


def torchvision_picture():
    return models.ResNet50_Weights.IMAGENET1K_V1.transforms()(picture())[None]


def pytorch():
    model = seeded(Tiny(norm=True), 1)
    torch.save({"epoch": 3, "state_dict": model.float().state_dict()}, FOLDER / "tiny.pth")
    with torch.no_grad():
        return probabilities(model.double()(torchvision_picture().double()))


def onnx():
    model, input = seeded(Tiny(norm=False), 2).float(), torchvision_picture()
    file = FOLDER / "tiny.onnx"
    torch.onnx.export(model, (input,), str(file), dynamo=False, input_names=["image"], output_names=["logits"])
    return probabilities(onnxruntime.InferenceSession(str(file)).run(None, {"image": input.numpy()})[0])


class CaffeTiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 7, stride=4, padding=3)
        self.fc8 = nn.Linear(8, CLASSES)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.conv1(x)), 3, 2, ceil_mode=True)
        return self.fc8(x.mean((2, 3)))


def caffe():
    model = seeded(CaffeTiny(), 3)
    with torch.no_grad():  # Bytes go to 255.
        model.conv1.weight /= 64
    made = net(True, "Tiny")
    for name, kind in [("conv1", "Convolution"), ("fc8", "InnerProduct")]:
        layer = made.layer.add(name=name, type=kind, bottom=["data"], top=[name])
        for value in getattr(model, name).state_dict().values():
            blob = layer.blobs.add(data=value.float().flatten().tolist())
            blob.shape.dim.extend(value.shape)
    (FOLDER / "tiny.caffemodel").write_bytes(made.SerializeToString())
    pixels = np.asarray(picture().resize((256, 256), Image.Resampling.BILINEAR))[16:-16, 16:-16, ::-1]
    with torch.no_grad():
        return probabilities(model(torch.tensor((pixels - np.array([104.0, 117, 123])).transpose(2, 0, 1)[None])))


def of_keras():
    layers = keras.layers
    input = keras.Input((224, 224, 3))
    x = layers.Conv2D(8, 7, strides=4, padding="same", use_bias=False, name="conv1")(input)
    x = layers.BatchNormalization(scale=False, name="bn1")(x)
    x = layers.GlobalAveragePooling2D()(layers.ReLU()(x))
    model = keras.Model(input, layers.Dense(CLASSES, activation="softmax", name="predictions")(x))
    random = np.random.default_rng(4)
    for layer in model.layers:
        values = [random.normal(0, 0.1 if "conv" in layer.name else 1, w.shape) for w in layer.weights]
        names = [w.name for w in layer.weights]
        layer.set_weights([abs(v) + 0.5 if n == "moving_variance" else v for n, v in zip(names, values)])
    model.save(FOLDER / "tiny.keras")
    pixels = keras.utils.img_to_array(keras.utils.load_img(PHOTO, target_size=(224, 224)))
    prepared = keras.applications.inception_v3.preprocess_input(pixels)[None]
    return np.asarray(model.predict(prepared, verbose=0), dtype=np.float64).flatten().tolist()


def main():
    FOLDER.mkdir(exist_ok=True)
    made = {"tiny.pth": pytorch(), "tiny.caffemodel": caffe(), "tiny.keras": of_keras(), "tiny.onnx": onnx()}
    rows = [f'  "{file}": {json.dumps([round(p, 6) for p in values])}' for file, values in made.items()]
    (FOLDER / "expected.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
