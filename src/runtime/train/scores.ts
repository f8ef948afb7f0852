/** What an output's values are worth, over all batches of an evaluation. */
import { channels, elements } from "../../ops/shape.js";
import type { TrainedOutput } from "./losses.js";
import type { CrossEntropy, Numeric, Score } from "./types.js";

/** What an output's values are: see the manifest's losses. */
export type Meaning = "logits" | "probabilities";

/** Adds up batches. */
export interface Scorer {
  add(values: Float32Array, targets: Float32Array | Int32Array): void;
  score(): Score;
}

export const scorerOf = (output: TrainedOutput, meaning: Meaning): Scorer =>
  output.loss.kind === "cross_entropy"
    ? new ClassScorer(output, output.loss, meaning)
    : new NumberScorer(output.loss.kind, meaning);

/** A probability that f32 rounds to 0 costs no more than PyTorch's binary_cross_entropy says. */
const logarithm = (p: number): number => Math.max(Math.log(p), -100);

/** A table of more is larger than what it is about. */
export const mostConfused = 2048;

class ClassScorer implements Scorer {
  private readonly classes: number;
  private readonly pixels: number;
  private readonly confusion: Uint32Array | undefined;
  private readonly logs: Float64Array;
  private cost = 0;
  private weight = 0;
  private places = 0;
  private readonly right = { top1: 0, top5: 0 };

  constructor(
    { shape }: TrainedOutput,
    private readonly loss: CrossEntropy,
    private readonly meaning: Meaning,
  ) {
    this.classes = channels(shape);
    this.pixels = elements(shape) / this.classes;
    this.logs = new Float64Array(this.classes);
    if (this.classes <= mostConfused) this.confusion = new Uint32Array(this.classes ** 2);
  }

  add(values: Float32Array, targets: Int32Array): void {
    for (let i = 0; i < targets.length; i++) {
      const label = targets[i]!;
      if (label === this.loss.ignore) continue;
      const image = Math.floor(i / this.pixels);
      this.place(values, image * this.classes * this.pixels + (i % this.pixels), label);
    }
  }

  /** @param from where the first class's value lies; the others are a plane apart */
  private place(values: Float32Array, from: number, label: number): void {
    const { classes, pixels, loss, logs } = this;
    const value = (c: number): number => values[from + c * pixels]!;
    this.logProbabilities(value);
    const factor = (c: number): number => loss.classWeights?.[c] ?? 1;
    const e = loss.labelSmoothing ?? 0;
    this.cost -= (1 - e) * factor(label) * logs[label]!;
    for (let c = 0; e > 0 && c < classes; c++) this.cost -= (e / classes) * factor(c) * logs[c]!;
    this.weight += factor(label);
    this.places++;
    let [before, best] = [0, 0];
    for (let c = 0; c < classes; c++) {
      // The first of equals; NaN is ahead of all.
      if (c !== label && isAhead(value(c), value(label), c < label)) before++;
      if (c !== best && isAhead(value(c), value(best), c < best)) best = c;
    }
    if (before < 1) this.right.top1++;
    if (before < 5) this.right.top5++;
    if (this.confusion !== undefined) this.confusion[label * classes + best]!++;
  }

  private logProbabilities(value: (c: number) => number): void {
    const { classes, logs } = this;
    if (this.meaning === "probabilities") {
      for (let c = 0; c < classes; c++) logs[c] = logarithm(value(c));
      return;
    }
    let [most, sum] = [-Infinity, 0];
    for (let c = 0; c < classes; c++) most = Math.max(most, value(c));
    for (let c = 0; c < classes; c++) sum += Math.exp(value(c) - most);
    for (let c = 0; c < classes; c++) logs[c] = value(c) - most - Math.log(sum);
  }

  score(): Score {
    const share = (right: number): number => right / this.places;
    return {
      loss: this.cost / this.weight,
      top1: share(this.right.top1),
      top5: share(this.right.top5),
      ...(this.confusion === undefined ? {} : { confusion: this.confusion }),
    };
  }
}

const isAhead = (a: number, b: number, first: boolean): boolean => !(a <= b) || (a === b && first);

class NumberScorer implements Scorer {
  private cost = 0;
  private count = 0;

  constructor(
    private readonly kind: Numeric["kind"],
    private readonly meaning: Meaning,
  ) {}

  add(values: Float32Array, targets: Float32Array): void {
    for (let i = 0; i < values.length; i++) this.cost += this.of(values[i]!, targets[i]!);
    this.count += values.length;
  }

  private of(x: number, target: number): number {
    if (this.kind === "mean_squared_error") return (x - target) ** 2;
    if (this.meaning === "probabilities") {
      return -target * logarithm(x) - (1 - target) * logarithm(1 - x);
    }
    return Math.max(x, 0) - x * target + Math.log1p(Math.exp(-Math.abs(x)));
  }

  score(): Score {
    return { loss: this.cost / this.count };
  }
}
