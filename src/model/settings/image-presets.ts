/**
 * Pictures as other frameworks give them to the networks whose weights they publish. What a preset
 * says is measured against the framework's own code, where it has some: see
 * test/fixtures-pictures/make_presets.py.
 */
import type { ImageInput } from "../network.js";

type Arguments = Partial<
  Pick<ImageInput, "fit" | "resize" | "interpolation" | "range" | "mean" | "std"> & {
    readonly order: "rgb" | "bgr";
  }
>;

export interface Preset {
  readonly image: Arguments;
  /** Height and width of the input that `resize` belongs to, where it belongs to one. */
  readonly side?: number;
  /** The weights that were trained or are evaluated so. */
  readonly serves: string;
  /** Where the framework says so. */
  readonly source: string;
}

/** The mean and deviation of ImageNet's pixels, red first. */
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
/** From -1 to 1, as TensorFlow's networks are trained. */
const symmetric = { mean: [0.5], std: [0.5] } as const;
/** `keras.utils.load_img(target_size=…)`, whose interpolation is nearest unless it is told. */
const loadImg = { fit: "stretch", interpolation: "nearest" } as const;

const weightsOf = (model: string): string => `torchvision/models/${model}.py, \`transforms()\``;
const timmConfig = (model: string): string => `timm/models/${model}.py, \`default_cfgs\``;
const kerasMode = (mode: string): string =>
  `keras/src/applications/imagenet_utils.py, \`mode="${mode}"\``;

export const presets = {
  torchvision: {
    image: { resize: 256, ...imagenet },
    side: 224,
    serves:
      "AlexNet, SqueezeNet, ResNet, DenseNet, MobileNet-v2, ShuffleNet x0.5 and x1.0: `IMAGENET1K_V1`",
    source: weightsOf("resnet"),
  },
  torchvision_v2: {
    image: { resize: 232, ...imagenet },
    side: 224,
    serves: "ResNet-50, -101, -152 and MobileNet-v2: `IMAGENET1K_V2`; ShuffleNet x1.5 and x2.0",
    source: weightsOf("resnet"),
  },
  // transforms() normalises with ImageNet's numbers, and transform_input turns these into 0.5.
  torchvision_googlenet: {
    image: { resize: 256, ...symmetric },
    side: 224,
    serves: "GoogLeNet, its `transform_input` included",
    source: weightsOf("googlenet"),
  },
  torchvision_inception_v3: {
    image: { resize: 342, ...symmetric },
    side: 299,
    serves: "Inception-v3, its `transform_input` included",
    source: weightsOf("inception"),
  },
  timm: {
    image: { resize: 256, interpolation: "bicubic", ...imagenet },
    side: 224,
    serves: "what has `crop_pct` 0.875 and ImageNet's mean",
    source: timmConfig("densenet"),
  },
  timm_inception_v3: {
    image: { resize: 341, interpolation: "bicubic", ...symmetric },
    side: 299,
    serves: "`inception_v3.tf_in1k`, `.tf_adv_in1k`, `.tv_in1k`",
    source: timmConfig("inception_v3"),
  },
  timm_inception_v4: {
    image: { resize: 341, interpolation: "bicubic", ...symmetric },
    side: 299,
    serves: "`inception_v4.tf_in1k`",
    source: timmConfig("inception_v4"),
  },
  timm_inception_resnet_v2: {
    image: { resize: 333, interpolation: "bicubic", ...symmetric },
    side: 299,
    serves: "`inception_resnet_v2.tf_in1k`, `.tf_ens_adv_in1k`",
    source: timmConfig("inception_resnet_v2"),
  },
  timm_xception: {
    image: { resize: 333, interpolation: "bicubic", ...symmetric },
    side: 299,
    serves: "`legacy_xception.tf_in1k`",
    source: timmConfig("xception"),
  },
  keras_inception_v3: {
    image: { ...loadImg, ...symmetric },
    serves: "`InceptionV3`",
    source: kerasMode("tf"),
  },
  keras_inception_resnet_v2: {
    image: { ...loadImg, ...symmetric },
    serves: "`InceptionResNetV2`",
    source: kerasMode("tf"),
  },
  keras_xception: {
    image: { ...loadImg, ...symmetric },
    serves: "`Xception`",
    source: kerasMode("tf"),
  },
  keras_mobilenet: {
    image: { ...loadImg, ...symmetric },
    serves: "`MobileNet`, `MobileNetV2`",
    source: kerasMode("tf"),
  },
  keras_densenet: {
    image: { ...loadImg, ...imagenet },
    serves: "`DenseNet121`, `DenseNet169`, `DenseNet201`",
    source: kerasMode("torch"),
  },
  keras_resnet: {
    image: { ...loadImg, order: "bgr", range: 255, mean: [103.939, 116.779, 123.68] },
    serves: "`ResNet50`, `ResNet101`, `ResNet152`, `VGG16`, `VGG19`",
    source: kerasMode("caffe"),
  },
  // Both sides to 256, without regard to proportions, then the centre.
  caffe: {
    image: { fit: "stretch", resize: 256, order: "bgr", range: 255, mean: [104, 117, 123] },
    serves: "BVLC's GoogLeNet, CaffeNet and AlexNet, BN-Inception, SqueezeNet",
    source: "caffe/python/caffe/classifier.py and each model's `train_val.prototxt`",
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]];
