import { counted } from "../counted.js";
import { defineDiagnostics } from "../define.js";

/** `train/*`: what a model is trained for, and how. */
export const trainDiagnostics = defineDiagnostics({
  "train/nothing": {
    severity: "error",
    message: () => "This list of losses is empty: nothing would be trained.",
    doc: {
      cause: "`loss: {}` names no output. An output that is left out of the list is not trained.",
      mend: "Name the outputs that are trained, or leave `loss` out: then all of them are, by cross-entropy.",
    },
  },
  "train/classes": {
    severity: "error",
    message: ({ name, what }: { name: string; what: "number" | "channel" }) =>
      `cross_entropy tells classes apart, and ${name} has one ${what}.`,
    doc: {
      cause:
        "An output of one channel is trained by `cross_entropy`, which is what an output has where `loss` does not say another. The softmax of one number is always 1.",
      mend: "Write `sigmoid_cross_entropy` for yes or no (others call it BCE with logits), `mean_squared_error` for a quantity, or give the output a channel for each class.",
    },
  },
  "train/class-weights": {
    severity: "error",
    message: ({ name, classes, count }: { name: string; classes: number; count: number }) =>
      `class_weights has ${counted(count, "number")}; ${name} has ${counted(classes, "class", "classes")}.`,
    doc: {
      cause: "The weights of classes are more or fewer than the channels of an output.",
      mend: "Write one a class. Where outputs differ in their classes, write a loss by output.",
    },
  },
  "train/like": {
    severity: "error",
    message: ({ name, names }: { name: string; names: string }) =>
      `${name} does not say whose targets it learns: ${names} are trained.`,
    doc: {
      cause:
        "An `aux` learns the targets of the output that is trained. Where several are, it has to say which.",
      mend: "Write `aux NAME(like: OUTPUT): …`.",
    },
  },
  "train/not-trained": {
    severity: "error",
    message: ({ name, like }: { name: string; like: string }) =>
      `${name} learns the targets of ${like}, which is not trained.`,
    doc: {
      cause:
        "An `aux` is `like` an output that the list of losses leaves out, so that there are no targets.",
      mend: "Name the output in the list, or another one in `like`.",
    },
  },
  "train/head": {
    severity: "error",
    message: ({ name, like, gives, takes }: Head) =>
      `${name} has ${gives}, but learns the targets of ${like}, which has ${takes}.`,
    doc: {
      cause:
        "An auxiliary head has another shape than the output whose targets it learns, such as another number of classes.",
      mend: "Give it the output's channels, as a parameter of its module, or write another output in `like`.",
    },
  },
  "train/one-value": {
    severity: "error",
    message: ({ path }: { path: string }) =>
      `The norm of ${path} sees one value a channel of an image, so that one image cannot train it.`,
    doc: {
      cause:
        "A batchnorm behind a global pooling, or of a vector, sees one value a channel of each image. In a batch of one image that is its own mean, and its deviation is 0.",
      mend: "Train with a `batch` of at least 2, or leave the norm out.",
    },
  },
  "train/augment": {
    severity: "error",
    message: ({ why }: { why: string }) => why,
    doc: {
      cause:
        "`augment` changes pictures, and what it gives is the input: the input is no image, `crop` has another size, `pad` is as large as the crop, or a change stands twice.",
      mend: "Write one `crop` of the input's size; with a `pad` that is smaller it is moved about.",
    },
  },
  "train/warm-up": {
    severity: "error",
    message: ({ warmup, epochs }: { warmup: number; epochs: number }) =>
      `A warm-up of ${counted(warmup, "epoch")} leaves nothing of the ${counted(epochs, "epoch")} that are trained.`,
    doc: {
      cause: "`cosine(warmup: …)` is no shorter than `epochs`: the learning rate only ever grows.",
      mend: "Write fewer epochs of warm-up, or more `epochs`.",
    },
  },
});

export interface Head {
  readonly name: string;
  readonly like: string;
  readonly gives: string;
  readonly takes: string;
}
