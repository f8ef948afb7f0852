/** Words that an argument takes in PyTorch, Keras, TensorFlow or Caffe, and not here. */

export interface ForeignWord {
  /** A word or call of ours that the same argument accepts. */
  readonly among: string;
  readonly what: string;
  /** As in `Foreign`; a capital stands for itself. */
  readonly names: string;
  readonly write?: string;
  readonly note?: string;
}

export const foreignWords: readonly ForeignWord[] = [
  { among: "relu", what: "activation", names: "linear identity", write: "none" },
  { among: "same", what: "padding", names: "valid", write: "0" },
  {
    among: "same",
    what: "padding",
    names: "SAME",
    write: "tf_same",
    note: "TensorFlow pads more at the bottom and right, where same pads alike",
  },
  {
    among: "same",
    what: "padding",
    names: "reflect replicate circular symmetric edge wrap",
    note: "padding is zeros, and -inf in maxpool",
  },
  { among: "sgd", what: "optimizer", names: "momentum nesterov", write: "sgd(momentum: 0.9)" },
  {
    among: "sgd",
    what: "optimizer",
    names: "adagrad adadelta adamax nadam radam adafactor rprop lamb lars lion ftrl lbfgs",
  },
  {
    among: "cross_entropy",
    what: "loss",
    names: `crossentropyloss categoricalcrossentropy sparsecategoricalcrossentropy softmaxwithloss
      softmaxcrossentropy`,
    write: "cross_entropy",
  },
  {
    among: "mean_squared_error",
    what: "loss",
    names: "mse mseloss l2 l2loss",
    write: "mean_squared_error",
  },
  {
    among: "mean_squared_error",
    what: "loss",
    names: "euclideanloss",
    write: "mean_squared_error",
    note: "Caffe's is half of the sum",
  },
  {
    among: "sigmoid_cross_entropy",
    what: "loss",
    names: `bce bceloss bcewithlogits bcewithlogitsloss binarycrossentropy sigmoidcrossentropyloss
      multilabelsoftmarginloss`,
    write: "sigmoid_cross_entropy",
    note: "the sigmoid is a part of it",
  },
  {
    among: "cross_entropy",
    what: "loss",
    names: `nll nllloss hinge hingeloss kldiv kldivloss focal focalloss ctc ctcloss triplet mae l1
      l1loss smoothl1 smoothl1loss huber huberloss dice diceloss`,
  },
  { among: "cosine", what: "schedule", names: "cosineannealing cosinedecay", write: "cosine" },
  { among: "cosine", what: "schedule", names: "steplr stepdecay", write: "step" },
  {
    among: "cosine",
    what: "schedule",
    names: "exponential polynomial poly plateau onecycle cyclic",
  },
  { among: "kaiming", what: "initialisation", names: "he msra", write: "kaiming" },
  { among: "kaiming", what: "initialisation", names: "glorot", write: "xavier" },
  {
    among: "truncated_normal",
    what: "initialisation",
    names: "truncnormal truncatednormal",
    write: "truncated_normal",
  },
  {
    among: "flip",
    what: "augmentation",
    names: "horizontalflip randomhorizontalflip randomflip fliplr mirror",
    write: "flip",
  },
  {
    among: "crop",
    what: "augmentation",
    names: "randomcrop",
    write: "crop(32, pad: 4)",
  },
  {
    among: "crop",
    what: "augmentation",
    names: `verticalflip randomverticalflip randomresizedcrop rotate rotation randomrotation
      colorjitter cutout randomerasing cutmix mixup autoaugment randaugment trivialaugment`,
  },
  { among: "kaiming", what: "initialisation", names: "normal uniform orthogonal lecun zeros ones" },
];
