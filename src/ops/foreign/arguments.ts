/** Names of arguments in PyTorch, Keras, TensorFlow, ONNX and Caffe, and what they are here. */

/** By the argument here; those that take another form are the model room's to explain. */
const sameArguments: Readonly<Record<string, string>> = {
  size: "output_size",
  pad: "padding pads",
  act: "activation activation_fn nonlinearity",
  norm: "normalization normalizer normalizer_fn norm_layer",
  dilation: "dilation_rate dilations atrous_rate",
  groups: "group num_groups",
  bias: "use_bias bias_term",
  ceil: "ceil_mode",
  count_pad: "count_include_pad",
  multiplier: "depth_multiplier",
  eps: "epsilon variance_epsilon",
  p: "drop_rate drop_prob",
  lr: "learning_rate base_lr",
  weight_decay: "wd l2_penalty weight_decay_rate",
  alpha: "rho",
  shift: "center",
  shared: "channel_shared",
  slope: "negative_slope alpha leakiness",
  label_smoothing: "smoothing",
  ignore: "ignore_index ignore_label",
  class_weights: "class_weight",
  every: "step_size",
  factor: "gamma decay_rate",
  warmup: "warmup_epochs",
  batch: "batch_size",
  epochs: "num_epochs max_epochs",
  optimizer: "optimiser optim solver",
  schedule: "scheduler lr_scheduler lr_schedule lr_policy",
  augment: "augmentation augmentations transform transforms",
  init: "initializer initialiser weight_filler kernel_initializer",
  clip_norm: "clip grad_clip clipnorm max_norm max_grad_norm gradient_clip clip_grad_norm",
  average: "ema ema_decay polyak",
  beta1: "beta_1",
  beta2: "beta_2",
};

/** What has no argument here, by what is to be done about it. */
const withoutArgument: Readonly<Record<string, string>> = {
  "leave it out: input channels are inferred":
    "input_channels num_features num_channels normalized_shape input_shape input_dim",
  "leave it out: nothing is changed in place": "inplace in_place",
  "leave it out: padding is zeros, and -inf in maxpool": "padding_mode",
  "leave it out: values are channels x height x width": "data_format axis dim",
  "leave it out: there is a slope a channel, or with shared: true one": "num_parameters",
  "name the step's parameters with as NAME behind it": "name",
  "gelu is exact; its older form is gelu_tanh": "approximate",
};

const split = (table: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(table).flatMap(([here, names]) => names.split(" ").map((n) => [n, here])));

const same = split(sameArguments);
const without = split(withoutArgument);

/** The argument's name here, if `known` has it, or what to do where there is none. */
export function foreignArgument(
  name: string,
  known: readonly string[],
): { readonly same?: string; readonly note?: string } {
  const here = same.get(name);
  if (here !== undefined && known.includes(here)) return { same: here };
  const note = without.get(name);
  return note === undefined ? {} : { note };
}
