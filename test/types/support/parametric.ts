import { activationNames } from "../../../src/ops/activations.js";
import type { Random } from "../../support/random.js";

/** The parameters of every drawn model, and values that they are tried with. */
export const trials = {
  n: ["4", "6", "1", "8", "12"],
  m: ["2", "1", "3", "6"],
  p: ["1", "0", "2"],
  r: ["2", "1", "3", "4"],
  s: ["8", "9", "7", "12", "6", "16"],
  k: ["3x3", "1x1", "5x5", "1x3", "2x2", "3x1"],
  b: ["true", "false"],
} as const;

export type Parameter = keyof typeof trials;

const module = `module Block(c, w = 3x3, up = c * 2) {
  concat { one: conv(1x1, c) two: conv(w, up) -> conv(1x1, in) }
}`;

/** A spec whose numbers come from parameters at random; it may well be in error. */
export function parametricSpec(random: Random): string {
  const text = new Text(random);
  const stages = Array.from({ length: random.integer(1, 3) }, (_, i) => `s${i}: ${text.chain(3)}`);
  return `${module}
    model Net(${declared}) {
      input image: f32[${random.pick(["3", "n", "6"])}, ${text.side()}, ${text.side()}]
      ${stages.join("\n      ")}
      output y: ${random.chance(0.2) ? "from s0 -> " : ""}${text.chain(2)}
    }`;
}

const declared = Object.entries(trials)
  .map(([name, [first]]) => `${name} = ${first}`)
  .join(", ");

/** One operator's call alone, on an image that may have a parameter for each side. */
export function parametricCall(operator: string, random: Random): string {
  const text = new Text(random);
  const sides = [random.pick(["6", "n"]), text.side(), text.side()].join(", ");
  return `model Net(${declared}) {
    input image: f32[${sides}]
    output y: ${text.operators[operator]!()}
  }`;
}

/** One join alone, of an image that may have a parameter for each side. */
export function parametricJoin(join: string, random: Random): string {
  const text = new Text(random);
  const sides = [random.pick(["6", "n"]), text.side(), text.side()].join(", ");
  return `model Net(${declared}) {
    input image: f32[${sides}]
    output y: ${text.joins[join]!(() => text.chain(1))}
  }`;
}

/** One step of each operator of the language, its arguments drawn anew. */
export class Text {
  constructor(private readonly random: Random) {}

  chain(depth: number): string {
    const count = this.random.integer(1, 3);
    return Array.from({ length: count }, () => this.step(depth)).join(" -> ");
  }

  side(): string {
    return this.random.pick(["8", "8", "s", "s * 2", "s + p", "7"]);
  }

  readonly operators: Readonly<Record<string, () => string>> = {
    conv: () =>
      `conv(${this.window()}, ${this.count()}${this.some(this.pad(), "bias: b", `dilation: ${this.number(["1", "2", "m"])}`, `groups: ${this.number(["1", "2", "m"])}`)})`,
    depthwise: () =>
      `depthwise(${this.window()}${this.some(this.pad(), `multiplier: ${this.number(["1", "2", "m"])}`)})`,
    convtranspose: () =>
      `convtranspose(${this.window()}, ${this.count()}, pad: ${this.number(["0", "1", "p"])}${this.some("bias: b", `dilation: ${this.number(["1", "2", "m"])}`, `groups: ${this.number(["1", "2", "m"])}`)})`,
    maxpool: () =>
      `maxpool(${this.window()}${this.some(this.pad(), this.ceil(), `dilation: ${this.number(["1", "2", "m"])}`)})`,
    avgpool: () => `avgpool(${this.window()}${this.some(this.pad(), this.ceil(), "count_pad: b")})`,
    globalavgpool: () => "globalavgpool",
    globalmaxpool: () => "globalmaxpool",
    adaptiveavgpool: () => `adaptiveavgpool(${this.random.pick(["2x3", "k"])})`,
    zeropad: () => `zeropad(${this.random.pick(["1", "p", "[0, p, 1, 2]"])})`,
    upsample: () =>
      `upsample(${this.random.pick(["2", "m", "1x2", "2, bilinear", "m, bilinear"])})`,
    slice: () => `slice(${this.random.pick(["0, in / 2", "p, n", "0, in", "1, m + 1"])})`,
    shuffle: () => `shuffle(${this.random.pick(["in", "1", "in / 2", "m", "p + 1"])})`,
    linear: () => `linear(${this.count()}${this.some("bias: b")})`,
    batchnorm: () => `batchnorm(${this.random.pick(["affine", "scale", "shift"])}: b)`,
    groupnorm: () => `groupnorm(${this.random.pick(["1", "m", "in"])}, affine: b)`,
    layernorm: () => `layernorm(affine: ${this.random.pick(["b", "true"])})`,
    l2norm: () => `l2norm(affine: ${this.random.pick(["b", "false"])})`,
    lrn: () => "lrn(2 * p + 1)",
    ...Object.fromEntries(activationNames.map((name) => [name, () => name])),
    prelu: () => `prelu(shared: ${this.random.pick(["b", "true", "false"])})`,
    softmax: () => `softmax${this.random.pick(["", "(axis: height)"])}`,
    logsoftmax: () => `logsoftmax${this.random.pick(["", "(axis: width)"])}`,
    dropout: () => "dropout(0.5)",
    flatten: () => "flatten",
    identity: () => "identity",
    scale: () => "scale(n)",
    expect: () =>
      this.random.pick([
        "expect(in, 8, 8)",
        "conv(1x1, n) -> expect(4, 8, 8)",
        "linear(n) -> expect(4)",
        "flatten -> expect(in)",
        "expect(in, s, s)",
      ]),
  };

  /** One of each join, some of whose branches are made by `inner`. */
  readonly joins: Readonly<Record<string, (inner: () => string) => string>> = {
    concat: (inner) =>
      this.random.pick([
        () => `concat { a: ${inner()} b: ${inner()} }`,
        () => `concat { a: identity b: from image -> ${inner()} }`,
        () => `concat { only: ${inner()} }`,
      ])(),
    add: () =>
      this.random.pick([
        () => `add { a: conv(1x1, ${this.count()}) b: conv(${this.window()}, n) }`,
        () => this.gated("add"),
      ])(),
    mul: () => this.gated("mul"),
    max: () => `max { a: conv(1x1, ${this.count()}) b: conv(${this.window()}, n) }`,
  };

  /** Branches that some values of the parameters make one pixel each, and so spread. */
  private gated(join: string): string {
    const branch = (): string =>
      this.random.pick([
        "identity",
        "globalavgpool",
        "globalavgpool -> conv(1x1, n) -> conv(1x1, in)",
        "adaptiveavgpool(1x1)",
        "adaptiveavgpool(k)",
        "adaptiveavgpool(k) -> maxpool(k/1, pad: p)",
        `conv(${this.window()}, in)`,
        "conv(1x1/s, in)",
        "conv(1x1, n)",
      ]);
    const labels = this.random.pick([
      ["a", "b"],
      ["a", "b", "c"],
    ]);
    return `${join} { ${labels.map((label) => `${label}: ${branch()}`).join(" ")} }`;
  }

  private step(depth: number): string {
    if (depth > 0 && this.random.chance(0.4)) return this.join(depth - 1);
    // Vectors end most chains: what makes them is drawn less often than what does not.
    const rare = ["linear", "flatten", "globalavgpool", "globalmaxpool", "adaptiveavgpool", "lrn"];
    const name = this.random.pick(Object.keys(this.operators));
    return rare.includes(name) && this.random.chance(0.6) ? "relu" : this.operators[name]!();
  }

  private join(depth: number): string {
    const inner = (): string => this.chain(depth);
    return this.random.pick([
      ...Object.values(this.joins).map((join) => () => join(inner)),
      () => this.joins["concat"]!(inner),
      () => `residual { ${inner()} -> conv(1x1, in) }`,
      () => "residual { conv(1x1, n) -> conv(1x1, in / 2) -> conv(1x1, in * 2) }",
      () => `residual { ${this.random.pick(["relu", "conv(3x3, in)", "conv(k, n)"])} }`,
      () => `repeat(${this.number(["2", "r", "r", "r"])}) { ${inner()} }`,
      () =>
        `repeat(r${this.random.pick(["", ", from: 1", ", from: r"])}) { ${this.random.pick(["conv(3x3, in)", "conv(3x3, 6)", "maxpool(2x2)"])} }`,
      () => `Block(${this.count()}${this.some(`w: ${this.random.pick(["1x1", "k", "k/1"])}`)})`,
    ])();
  }

  private window(): string {
    const sizes = ["1x1", "3x3", "k", "3x3/1", "3x3/2", "2x2/2", "k/1", "k/2", "k/m", "1x1/m"];
    return this.random.pick(sizes);
  }

  private count(): string {
    return this.random.pick(["4", "6", "n", "m * 2", "in", "in * m", "n + m", "in + 2"]);
  }

  private number(choices: readonly string[]): string {
    return this.random.pick(choices);
  }

  private pad(): string {
    return `pad: ${this.random.pick(["same", "same", "tf_same", "0", "1", "p", "[1, p, 0, 1]"])}`;
  }

  private ceil(): string {
    return `ceil: ${this.random.pick(["true", "b"])}`;
  }

  /** Named arguments, each left out at times. */
  private some(...args: readonly string[]): string {
    return args.map((arg) => (this.random.chance(0.5) ? `, ${arg}` : "")).join("");
  }
}
