"""Writes presets.json: what each framework's own code makes of examples/photos/coffee.jpg.

    KERAS_BACKEND=torch python make_presets.py

A preset of `image(preset: …)` to the side of its input and the values of `GRID` x `GRID` pixels, red first or
blue first as the network takes them, channel by channel. torchvision's are its weights' `transforms()` and,
of the Inceptions, the model's own `transform_input`; timm's are `create_transform` of the weights' data
config; Keras' are `load_img` and `preprocess_input`. Caffe is not published as a package any more: its
`Classifier` is written out, with Pillow in the place of its resizing.
"""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

for operator in ["nms", "qnms"]:
    torch.library.define(f"torchvision::{operator}", "(Tensor boxes, Tensor scores, float threshold) -> Tensor")

import keras  # noqa: E402
import timm  # noqa: E402
from torchvision import models  # noqa: E402

HERE = Path(__file__).parent
PHOTO = HERE.parent.parent / "examples" / "photos" / "coffee.jpg"
GRID = 6


def torchvision(weights, model=None):
    def prepared():
        pixels = weights.transforms()(Image.open(PHOTO).convert("RGB"))[None]
        if model is None:
            return pixels[0]
        with torch.no_grad():
            return model(init_weights=False, transform_input=True)._transform_input(pixels)[0]

    return prepared


def of_timm(name):
    def prepared():
        config = timm.data.resolve_data_config({}, pretrained_cfg=timm.get_pretrained_cfg(name).to_dict())
        return timm.data.create_transform(**config)(Image.open(PHOTO).convert("RGB"))

    return prepared


def of_keras(module, side):
    def prepared():
        picture = keras.utils.load_img(PHOTO, target_size=(side, side))
        return module.preprocess_input(keras.utils.img_to_array(picture)).transpose(2, 0, 1)

    return prepared


def caffe():
    """`Classifier.predict(oversample=False)` and `Transformer.preprocess`."""
    pixels = np.asarray(Image.open(PHOTO).convert("RGB").resize((256, 256), Image.Resampling.BILINEAR))
    first = (256 - 224) // 2
    pixels = pixels[first : first + 224, first : first + 224, ::-1].astype(np.float64)
    return (pixels - [104, 117, 123]).transpose(2, 0, 1)


applications = keras.applications
PRESETS = {
    "torchvision": torchvision(models.ResNet50_Weights.IMAGENET1K_V1),
    "torchvision_v2": torchvision(models.ResNet50_Weights.IMAGENET1K_V2),
    "torchvision_googlenet": torchvision(models.GoogLeNet_Weights.IMAGENET1K_V1, models.googlenet),
    "torchvision_inception_v3": torchvision(models.Inception_V3_Weights.IMAGENET1K_V1, models.inception_v3),
    "timm": of_timm("densenet121.tv_in1k"),
    "timm_inception_v3": of_timm("inception_v3.tf_in1k"),
    "timm_inception_v4": of_timm("inception_v4.tf_in1k"),
    "timm_inception_resnet_v2": of_timm("inception_resnet_v2.tf_in1k"),
    "timm_xception": of_timm("legacy_xception.tf_in1k"),
    "keras_inception_v3": of_keras(applications.inception_v3, 299),
    "keras_inception_resnet_v2": of_keras(applications.inception_resnet_v2, 299),
    "keras_xception": of_keras(applications.xception, 299),
    "keras_mobilenet": of_keras(applications.mobilenet_v2, 224),
    "keras_densenet": of_keras(applications.densenet, 224),
    "keras_resnet": of_keras(applications.resnet, 224),
    "caffe": caffe,
}


def main():
    rows = {}
    for name, prepared in PRESETS.items():
        tensor = np.asarray(prepared(), dtype=np.float64)
        side = tensor.shape[-1]
        at = np.linspace(0, side - 1, GRID).round().astype(int)
        values = tensor[:, at][:, :, at].reshape(-1)
        rows[name] = {"side": side, "values": [round(float(value), 6) for value in values]}
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
    (HERE / "presets.json").write_text(f"{{\n{text}\n}}\n")


if __name__ == "__main__":
    main()
