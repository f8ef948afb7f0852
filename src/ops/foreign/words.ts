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
  { among: "cross_entropy", what: "loss", names: "nll nllloss hinge kldiv focal ctc triplet" },
  { among: "cosine", what: "schedule", names: "cosineannealing cosinedecay", write: "cosine" },
  { among: "cosine", what: "schedule", names: "steplr stepdecay", write: "step" },
  {
    among: "cosine",
    what: "schedule",
    names: "exponential polynomial poly plateau onecycle cyclic",
  },
  { among: "kaiming", what: "initialisation", names: "he msra", write: "kaiming" },
  { among: "kaiming", what: "initialisation", names: "glorot", write: "xavier" },
  { among: "kaiming", what: "initialisation", names: "normal uniform orthogonal lecun zeros ones" },
];
