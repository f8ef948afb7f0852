/**
 * A network of linear maps that trains in TypeScript: `prob` is a softmax over 3 classes of 4
 * numbers, `box` gives 2 numbers of them, `aux_1` is a head like `prob`; `norm.running_mean` follows
 * the mean of the input. Native trainers answer the same calls.
 */
import type { OutputLoss } from "../../../../src/autodiff/loss.js";
import type { Manifest } from "../../../../src/emit/manifest.js";
import type { ManifestTraining } from "../../../../src/emit/manifest-training.js";
import { elements } from "../../../../src/ops/shape.js";
import { optimizers } from "../../../../src/ops/training/optimizers.js";
import { optimizerDefaults } from "../../../../src/ops/training/settings.js";
import type {
  Kept,
  NativeAddon,
  NativeDescription,
  NativeModel,
  NativeSession,
  NativeTrainer,
  NativeTrainerOptions,
  TrainingArray,
  TrainNumbers,
} from "../../../../src/runtime/addon.js";

const features = 4;
const maps = [
  { name: "prob", rows: 3 },
  { name: "box", rows: 2 },
  { name: "aux_1", rows: 3 },
] as const;

const linear = (name: string, rows: number): Manifest["parameters"] => [
  { name: `${name}.weight`, shape: [rows, features], role: "weight", fanIn: features },
  { name: `${name}.bias`, shape: [rows], role: "bias", fanIn: 0 },
];

const mean = {
  name: "norm.running_mean",
  shape: [features],
  role: "running_mean",
  fanIn: 0,
} as const;

export const manifest: Manifest = {
  model: "Line",
  compiler: "0.0.0",
  target: "cpu",
  level: "baseline",
  flags: [],
  precision: "f32",
  maxBatch: 2,
  passes: true,
  algebra: true,
  strict: false,
  without: [],
  force: [],
  settings: {},
  inputs: [{ name: "image", shape: [features] }],
  outputs: [
    { name: "prob", shape: [3], kind: "output", classes: "distribution" },
    { name: "box", shape: [2], kind: "output", classes: "logits" },
  ],
  parameters: [...linear("prob", 3), ...linear("box", 2), mean],
  stages: [],
  aux: ["aux_1"],
  train: {
    losses: [
      { output: "prob", kind: "cross_entropy", labelSmoothing: 0 },
      { output: "box", kind: "mean_squared_error", labelSmoothing: 0 },
    ],
    heads: [
      { name: "aux_1", shape: [3], weight: 0.5, like: "prob", parameters: linear("aux_1", 3) },
    ],
    optimizer: optimizerDefaults.sgd,
    schedule: { kind: "constant" },
    batch: 4,
    epochs: 3,
    augment: [],
    init: "kaiming",
    decay: "all",
  },
  arenaBytes: 64,
  weightBytes: 64,
  kernels: 1,
  convolutions: 0,
  sources: [],
  binary: "line.node",
};

/** What the build gives that a request asks for. */
export function trainingOf(
  losses: readonly OutputLoss[],
  frozen: readonly string[],
): ManifestTraining {
  const image = (name: string, shape: readonly number[], dtype: "f32" | "i32" = "f32") =>
    ({ name, shape, dtype, extent: "image" }) as const;
  const number = (name: string, count = 1) =>
    ({ name, shape: [count], dtype: "f32", extent: "batch" }) as const;
  const own = losses.filter(({ output, targets }) => output === targets);
  const all = [...linear("prob", 3), ...linear("box", 2), mean, ...linear("aux_1", 3)];
  const trained = new Set(losses.map(({ output }) => output));
  const isReached = (name: string): boolean => trained.has(name.split(".")[0]!);
  return {
    losses: losses.map((loss) => ({
      ...loss,
      of: loss.output === "prob" ? "probabilities" : "logits",
    })),
    inputs: [
      image("image", [features]),
      ...own.map(({ output, kind }) =>
        kind === "cross_entropy"
          ? image(`${output}:target`, [], "i32")
          : image(`${output}:target`, [output === "box" ? 2 : 3]),
      ),
      ...losses.flatMap(({ output, kind, classWeights }) => [
        number(`${output}:loss_weight`),
        ...(kind === "cross_entropy" ? [number(`${output}:smoothing`)] : []),
        ...(classWeights === true ? [number(`${output}:class_weights`, 3)] : []),
      ]),
      { name: "training:random", shape: [2], dtype: "i32", extent: "batch" },
    ],
    results: [
      "loss",
      ...losses.map(({ output }) => `loss:${output}`),
      ...own.filter(({ kind }) => kind === "cross_entropy").map((o) => `accuracy:${o.output}`),
    ],
    parameters: all.map((parameter) => ({
      ...parameter,
      learns: parameter !== mean && isReached(parameter.name) && !frozen.includes(parameter.name),
    })),
    unreached: all.filter((p) => p !== mean && !isReached(p.name)).map(({ name }) => name),
    oneValue: [],
    imageBytes: 64,
    batchBytes: 64,
    weightBytes: 64,
  };
}

/** y = W x + b of one example, by the names below a map's. */
const affine = (
  get: (name: string) => Float32Array,
  map: string,
  x: ArrayLike<number>,
  rows: number,
): number[] =>
  Array.from({ length: rows }, (_, r) => {
    let sum = get(`${map}.bias`)[r]!;
    for (let i = 0; i < features; i++) sum += get(`${map}.weight`)[r * features + i]! * x[i]!;
    return sum;
  });

const softmax = (z: readonly number[]): number[] => {
  const most = Math.max(...z);
  const e = z.map((value) => Math.exp(value - most));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((value) => value / sum);
};

const notOpened = (): never => {
  throw new Error("A test opens this addon itself.");
};

/** Looked at by tests: what was called, and how much of it is alive. */
export class FakeAddon implements NativeAddon {
  readonly runs: { batch: number; inputs: Map<string, TrainingArray>; numbers: TrainNumbers }[] =
    [];
  readonly opened: { rates: Float64Array; options: NativeTrainerOptions }[] = [];
  /** Trainers, models and sessions that nobody has disposed of. */
  alive = 0;
  /** Awaited in each run: a test holds it up here. */
  gate: Promise<void> = Promise.resolve();
  readonly Model: new () => NativeModel;
  readonly Session: new () => NativeSession;
  readonly Trainer: new () => NativeTrainer;
  /** All that is asked of an addon that is open. */
  readonly describe = (): NativeDescription => ({ work: 0 }) as NativeDescription;
  /** For tests that train on pictures. */
  preparePictures: NativeAddon["preparePictures"] = notOpened;
  readonly verify = (): number => 0;
  readonly probe = (): Promise<void> => Promise.resolve();

  constructor(readonly training: ManifestTraining) {
    this.Model = modelOf(this);
    this.Session = sessionOf(this);
    this.Trainer = trainerOf(this);
  }
}

/** Counted while it is alive. */
class Counted {
  constructor(protected readonly addon: FakeAddon) {
    addon.alive++;
  }

  dispose(): void {
    this.addon.alive--;
  }
}

class FakeModel extends Counted implements NativeModel {
  values = new Map<string, Float32Array>();

  load(arrays: readonly (Float32Array | number)[]): Promise<readonly number[]> {
    for (const [i, { name }] of manifest.parameters.entries()) {
      this.values.set(name, (arrays[i] as Float32Array).slice());
    }
    return Promise.resolve([]);
  }
}

class FakeSession extends Counted implements NativeSession {
  readonly arenaBytes = 64;
  private values = new Map<string, Float32Array>();

  open(model: NativeModel): Promise<void> {
    this.values = (model as FakeModel).values;
    return Promise.resolve();
  }

  run(
    batch: number,
    inputs: readonly Float32Array[],
    outputs: readonly Float32Array[],
  ): Promise<void> {
    this.runSync(batch, inputs, outputs);
    return Promise.resolve();
  }

  runSync(
    batch: number,
    [image]: readonly Float32Array[],
    [prob, box]: readonly Float32Array[],
  ): void {
    const get = (name: string): Float32Array => this.values.get(name)!;
    for (let n = 0; n < batch; n++) {
      const x = image!.subarray(n * features, (n + 1) * features);
      prob!.set(softmax(affine(get, "prob", x, 3)), n * 3);
      box!.set(affine(get, "box", x, 2), n * 2);
    }
  }

  report(): string {
    return "";
  }
}

class FakeTrainer extends Counted implements NativeTrainer {
  private names: readonly string[] = [];
  private rates: ArrayLike<number> = [];
  private options!: NativeTrainerOptions;
  private readonly kept = new Map<Kept, Map<string, Float32Array>>();

  open(
    names: readonly string[],
    arrays: readonly Float32Array[],
    rates: Float64Array,
    options: NativeTrainerOptions,
  ): Promise<void> {
    const { parameters } = this.addon.training;
    names.forEach((name, i) => {
      const { shape } = parameters[i]!;
      if (parameters[i]!.name !== name || elements(shape) !== arrays[i]!.length) {
        throw new Error(`${name} is not the parameter that the program expects`);
      }
    });
    this.names = names;
    this.rates = rates;
    this.options = options;
    this.addon.opened.push({ rates, options });
    const copies = (zero: boolean): Map<string, Float32Array> =>
      new Map(names.map((name, i) => [name, zero ? arrays[i]!.map(() => 0) : arrays[i]!.slice()]));
    this.kept.set("values", copies(false));
    this.kept.set("average", copies(false));
    this.kept.set("moment_1", copies(true));
    this.kept.set("moment_2", copies(true));
    return Promise.resolve();
  }

  async train(
    batch: number,
    inputs: readonly TrainingArray[],
    numbers: TrainNumbers,
    results: Float32Array,
  ): Promise<number> {
    const { training } = this.addon;
    if (batch > this.options.batch) throw new Error("the batch is larger than the trainer's");
    const given = new Map(training.inputs.map(({ name }, i) => [name, inputs[i]!]));
    training.inputs.forEach(({ name, shape, extent }, i) => {
      const count = elements(shape) * (extent === "image" ? batch : 1);
      if (inputs[i]!.length !== count) throw new Error(`${name} has ${inputs[i]!.length} values`);
    });
    this.addon.runs.push({ batch, inputs: given, numbers });
    await this.addon.gate;
    const gradients = new Map<string, Float64Array>();
    const values = this.kept.get("values")!;
    const found = training.losses.map((loss) =>
      lossOf(loss, { batch, given, get: (name) => values.get(name)!, gradients }),
    );
    const byName = new Map<string, number>();
    let total = 0;
    for (const { name, loss, weight, accuracy } of found) {
      total += loss * weight;
      byName.set(`loss:${name}`, loss);
      byName.set(`accuracy:${name}`, accuracy);
    }
    byName.set("loss", total);
    let squares = 0;
    training.parameters.forEach(({ name, learns }) => {
      if (learns) gradients.get(name)!.forEach((g) => (squares += g * g));
    });
    const norm = Math.sqrt(squares);
    if (!Number.isFinite(total) || !Number.isFinite(norm)) {
      const message = "Step 1: the values of prob: linear 3 (line.incept:3:5) are not finite.";
      throw Object.assign(new Error(message), { code: "train/not-finite" });
    }
    training.results.forEach((name, i) => (results[i] = byName.get(name)!));
    this.follow(given.get("image")!, batch);
    this.update(gradients, numbers, norm);
    return norm;
  }

  private update(
    gradients: ReadonlyMap<string, Float64Array>,
    numbers: TrainNumbers,
    norm: number,
  ): void {
    const { update, moments } = optimizers[this.options.optimizer];
    const clip = numbers.clipNorm === 0 ? 1 : Math.min(1, numbers.clipNorm / (norm + 1e-6));
    this.addon.training.parameters.forEach(({ name, learns }, i) => {
      const values = this.kept.get("values")!.get(name)!;
      if (learns) {
        const kept = (["moment_1", "moment_2"] as const)
          .slice(0, moments.length)
          .map((moment) => this.kept.get(moment)!.get(name)!);
        const own = {
          ...numbers,
          rate: numbers.rate * this.rates[2 * i]!,
          decay: numbers.decay * this.rates[2 * i + 1]!,
        };
        gradients.get(name)!.forEach((g, at) => {
          const before = kept.map((moment) => moment[at]!);
          const [p, ...after] = update(values[at]!, g * clip, before, own);
          values[at] = p;
          after.forEach((value, m) => (kept[m]![at] = value));
        });
      }
      const average = this.kept.get("average")!.get(name)!;
      const a = numbers.average;
      values.forEach((value, at) => (average[at] = a * average[at]! + (1 - a) * value));
    });
  }

  private follow(image: TrainingArray, batch: number): void {
    const state = this.kept.get("values")!.get("norm.running_mean")!;
    for (let i = 0; i < features; i++) {
      let sum = 0;
      for (let n = 0; n < batch; n++) sum += image[n * features + i]!;
      state[i] = 0.9 * state[i]! + (0.1 * sum) / batch;
    }
  }

  read(kept: Kept, arrays: readonly (Float32Array | undefined)[]): Promise<void> {
    this.names.forEach((name, i) => arrays[i]?.set(this.kept.get(kept)!.get(name)!));
    return Promise.resolve();
  }

  write(kept: Kept, arrays: readonly (Float32Array | undefined)[]): Promise<void> {
    this.names.forEach((name, i) => {
      if (arrays[i] !== undefined) this.kept.get(kept)!.get(name)!.set(arrays[i]);
    });
    return Promise.resolve();
  }
}

interface Around {
  readonly batch: number;
  readonly given: ReadonlyMap<string, TrainingArray>;
  readonly get: (name: string) => Float32Array;
  /** Added to. */
  readonly gradients: Map<string, Float64Array>;
}

/** One output's loss, and what it adds to the gradients of its map. */
function lossOf(
  { output, kind, targets, ignore }: OutputLoss,
  { batch, given, get, gradients }: Around,
): { readonly name: string; readonly loss: number; weight: number; accuracy: number } {
  const { rows } = maps.find(({ name }) => name === output)!;
  const image = given.get("image")!;
  const target = given.get(`${targets}:target`)!;
  const weight = given.get(`${output}:loss_weight`)![0]!;
  const e = given.get(`${output}:smoothing`)?.[0] ?? 0;
  const factor = (c: number): number => given.get(`${output}:class_weights`)?.[c] ?? 1;
  const dw = new Float64Array(rows * features);
  const db = new Float64Array(rows);
  gradients.set(`${output}.weight`, dw);
  gradients.set(`${output}.bias`, db);
  let [cost, right, places, total] = [0, 0, 0, 0];
  const examples = Array.from({ length: batch }, (_, n) => {
    const x = image.subarray(n * features, (n + 1) * features);
    return { n, x, y: affine(get, output, x, rows) };
  });
  if (kind === "cross_entropy") {
    for (const { n } of examples) if (target[n] !== ignore) total += factor(target[n]!);
  } else total = batch * rows;
  for (const { n, x, y } of examples) {
    const dy = new Array<number>(rows).fill(0);
    if (kind === "cross_entropy") {
      const label = target[n]!;
      if (label === ignore) continue;
      const p = softmax(y);
      places++;
      if (p.indexOf(Math.max(...p)) === label) right++;
      const share = p.map((_, c) => ((c === label ? 1 - e : 0) + e / rows) * factor(c));
      const all = share.reduce((a, b) => a + b, 0);
      p.forEach((value, c) => {
        cost -= share[c]! * Math.log(value);
        dy[c] = value * all - share[c]!;
      });
    } else {
      y.forEach((value, c) => {
        const d = value - target[n * rows + c]!;
        cost += d * d;
        dy[c] = 2 * d;
      });
    }
    dy.forEach((d, c) => {
      db[c]! += (weight * d) / total;
      for (let i = 0; i < features; i++) dw[c * features + i]! += (weight * d * x[i]!) / total;
    });
  }
  return { name: output, loss: cost / total, weight, accuracy: right / Math.max(places, 1) };
}

const modelOf = (addon: FakeAddon) =>
  class extends FakeModel {
    constructor() {
      super(addon);
    }
  };

const sessionOf = (addon: FakeAddon) =>
  class extends FakeSession {
    constructor() {
      super(addon);
    }
  };

const trainerOf = (addon: FakeAddon) =>
  class extends FakeTrainer {
    constructor() {
      super(addon);
    }
  };
