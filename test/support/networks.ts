/**
 * Random networks as `.incept` text, one a seed: every operator and join, modules, repeats, skips,
 * odd shapes and channel counts, small enough to run in a plain interpreter. The shape that the
 * text states in an `expect` here and there is worked out apart from the compiler's own rules.
 */
import { activationNames } from "../../src/ops/activations.js";
import { activationCall } from "./activation-calls.js";
import { elements } from "../../src/ops/shape.js";
import { Random } from "./random.js";
import { convWindow, poolWindow, sameWindow } from "./windows.js";

/** Channels, height, width; a vector has its length alone. */
type Shape = readonly number[];

interface Piece {
  readonly text: string;
  readonly shape: Shape;
}

/** Channel counts at and around what kernels work in blocks of. */
const counts = [1, 3, 8, 16, 17, 32, 33];
const sides = [1, 2, 5, 7, 8, 12, 13, 17, 24];
/** Multiply-adds of one convolution, so that a thousand networks still run in a test. */
const budget = 1e6;

export const randomNetwork = (seed: number): string =>
  new NetworkText(seed, new Random(seed)).whole();

/**
 * Of two values that are nearly alike a norm makes -1 and 1, and which is which is a matter of
 * rounding: fewer than this tell nothing of an engine that rounds otherwise.
 */
const fewest = 8;

/** How many values of a shape a step takes one mean and deviation of. */
function sharingStatistics(step: string, [channels, ...plane]: Shape): number {
  const pixels = elements(plane);
  if (step === "layernorm") return channels!;
  if (step === "groupnorm(in)") return pixels;
  return step === "groupnorm(1)" ? channels! * pixels : Infinity;
}

/** Pools of every kind that apply what follows them, on an image of any size. */
const pooled =
  "conv(1x1, 3, act: none, norm: none) -> maxpool(3x3/1, pad: same) -> relu6 -> maxpool(3x3/1, pad: same) -> elu -> avgpool(2x2/2, pad: 1) -> hardswish -> avgpool(3x3/1, pad: same) -> conv(1x1, 2, act: relu6, norm: none) -> adaptiveavgpool(2x1) -> relu -> linear(3)";

class NetworkText {
  private readonly modules = new Map<string, string>();
  private readonly stages: { readonly name: string; readonly shape: Shape }[] = [];
  private depth = 0;

  constructor(
    private readonly seed: number,
    private readonly random: Random,
  ) {}

  whole(): string {
    const { random } = this;
    const vector = random.chance(0.06);
    const image = [random.pick([1, 3, 4, 17]), random.pick(sides), random.pick(sides)];
    const input: Shape = vector ? [random.pick([5, 33])] : image;
    const defaults = random.pick([
      "",
      "defaults { conv { act: relu } }",
      "defaults { conv { norm: batchnorm, act: relu } batchnorm { eps: 1e-3 } }",
    ]);
    const members = vector ? this.vectorMembers(input) : this.members(input);
    return [
      defaults,
      ...this.modules.values(),
      "model Random(classes = 7) {",
      `  input image: f32[${input.join(", ")}]`,
      ...members.map((member) => `  ${member}`),
      "}",
      "",
    ].join("\n");
  }

  private members(input: Shape): readonly string[] {
    const { random } = this;
    const members: string[] = [];
    let shape = input;
    this.stages.push({ name: "image", shape });
    const count = random.integer(2, 6);
    for (let i = 0; i < count; i++) {
      const name = `s${i}`;
      const piece = this.chain(shape, random.integer(1, 3));
      members.push(`${name}: ${piece.text}`);
      shape = piece.shape;
      this.stages.push({ name, shape });
      if (random.chance(0.15)) members.push(`aux side${i}: ${this.head(shape).text}`);
      if (random.chance(0.15)) members.push(`output tap${i}: ${this.pass(shape).text}`);
    }
    const earlier = random.pick(this.stages);
    if (random.chance(0.3)) members.push(`output again: from ${earlier.name} -> identity`);
    if (this.seed % 10 === 7)
      members.push(`output cut: from s0 -> ${this.cut(this.stages[1]!.shape)}`);
    if (this.seed % 10 === 4) members.push(`output pooled: from s0 -> ${pooled}`);
    if (this.seed % 5 === 3)
      members.push(`output mapped: from ${earlier.name} -> ${this.linears(earlier.shape)}`);
    return [...members, `output last: ${this.head(shape).text}`];
  }

  /** Channels cut out of an image, or of a vector, in an image that grows. */
  private cut([count, ...plane]: Shape): string {
    const slice = `shuffle(${count}) -> slice(${Math.floor(count! / 3)}, ${count})`;
    return plane.length === 0
      ? slice
      : `${slice} -> zeropad([0, 1, 2, 0]) -> upsample(2x1) -> upsample(1x3, bilinear) -> convtranspose(2x3/2x1, 3, pad: 0x1, norm: batchnorm, act: relu)`;
  }

  /** Linear maps in a row, wide in the middle, and one value that is none on the way. */
  private linears([channels, ...plane]: Shape): string {
    const { random } = this;
    const last = `linear(20${this.bias()}) -> linear(4${this.bias()})`;
    if (plane.length === 0) return last;
    const pixels = plane[0]! * plane[1]!;
    const most = Math.max(1, Math.floor(budget / (9 * pixels * channels!)));
    const wide = Math.min(random.pick([16, 24, 40]), most);
    const conv = (kernel: string, count: number): string =>
      `conv(${kernel}, ${count}, pad: ${random.pick(["same", "same", "0"])}${this.bias()}, act: none, norm: none)`;
    const first = Math.min(...plane) > 4 ? conv("3x3", wide) : conv("1x1", wide);
    const narrow = `conv(1x1, 5${this.bias()}, act: none, norm: none)`;
    const branches = [
      `a: conv(3x3, 6, pad: same${this.bias()}, act: none, norm: none)`,
      `b: maxpool(3x3/1, pad: same) -> ${narrow}`,
      `c: avgpool(3x3/1, pad: same)`,
      `d: conv(1x1, 9, act: none, norm: none${this.bias()}) -> conv(5x5, 3, pad: same, act: none, norm: none)`,
      `f: conv(1x1, 9, act: none, norm: none) -> conv(3x3, 3, pad: same, act: relu, norm: none)`,
      `e: avgpool(3x3/1, pad: same) -> conv(1x1, 1, act: none, norm: none, bias: false) -> lrn(3)`,
    ];
    return `${first} -> ${narrow} -> concat { ${branches.join("  ")} } -> flatten -> ${last}`;
  }

  private bias(): string {
    return this.random.pick(["", ", bias: false"]);
  }

  private vectorMembers(input: Shape): readonly string[] {
    return [
      `s0: ${this.pass(input).text} -> linear(17) -> ${this.pass([17]).text}`,
      `s1: residual { linear(in) -> tanh } -> concat { a: linear(3)  b: identity  c: from s0 -> relu }`,
      `output last: flatten -> ${this.pass([37]).text} -> linear(classes) -> softmax`,
    ];
  }

  private chain(shape: Shape, steps: number): Piece {
    const pieces: Piece[] = [];
    let current = shape;
    for (let i = 0; i < steps; i++) {
      const piece = this.step(current);
      pieces.push(piece);
      current = piece.shape;
    }
    if (this.random.chance(0.2)) {
      pieces.push({ text: `expect(${current.join(", ")})`, shape: current });
    }
    return { text: pieces.map((piece) => piece.text).join(" -> "), shape: current };
  }

  private step(shape: Shape): Piece {
    const { random } = this;
    const plain = [
      () => this.conv(shape),
      () => this.conv(shape),
      () => this.depthwise(shape),
      () => this.pool(shape),
      () => this.pass(shape),
    ];
    const joins = [
      () => this.concat(shape),
      () => this.concat(shape),
      () => this.sum(shape),
      () => this.gated(shape),
      () => this.residual(shape),
      () => this.repeat(shape),
      () => this.module(shape),
      () => this.skip(shape),
    ];
    return random.pick(this.depth < 2 && random.chance(0.5) ? joins : plain)();
  }

  private conv(shape: Shape): Piece {
    const { random } = this;
    const [depth, ...plane] = shape as readonly [number, number, number];
    const window = convWindow(random, plane);
    const work = depth * window.taps * window.plane[0] * window.plane[1];
    const affordable = counts.filter((count) => count * work <= budget);
    const channels = random.pick(affordable.length === 0 ? [1] : affordable);
    const groups = random.pick([1, 1, 2, 4].filter((g) => (depth % g) + (channels % g) === 0));
    const args = window.args + (groups === 1 ? "" : `, groups: ${groups}`) + this.epilogue();
    return {
      text: `conv(${window.kernel}, ${channels}${args})`,
      shape: [channels, ...window.plane],
    };
  }

  /** Keeps height and width, and gives `channels`, which may be the word `in`. */
  private sameConv(shape: Shape, channels: number | "in"): string {
    const plane = shape.slice(1) as [number, number];
    const window = sameWindow(this.random, plane);
    const count = channels === "in" ? shape[0]! : channels;
    const work = shape[0]! * count * window.taps * plane[0] * plane[1];
    const [kernel, args] = work <= budget ? [window.kernel, window.args] : ["1x1", ""];
    return `conv(${kernel}, ${channels}${args}${this.epilogue()})`;
  }

  private epilogue(): string {
    const { random } = this;
    const norm = random.pick([
      "",
      "",
      ", norm: batchnorm",
      ", norm: batchnorm(scale: false)",
      ", norm: none",
      ", bias: false",
    ]);
    return (
      norm +
      random.pick([
        "",
        "",
        ", act: none",
        ...activationNames.map((name) => `, act: ${activationCall(name, random)}`),
      ])
    );
  }

  private depthwise(shape: Shape): Piece {
    const { random } = this;
    const window = convWindow(random, shape.slice(1) as [number, number]);
    const multiplier = shape[0]! <= 17 ? random.pick([1, 1, 2]) : 1;
    const args = window.args + (multiplier === 1 ? "" : `, multiplier: ${multiplier}`);
    return {
      text: `depthwise(${window.kernel}${args}${this.epilogue()})`,
      shape: [shape[0]! * multiplier, ...window.plane],
    };
  }

  private pool(shape: Shape): Piece {
    const { random } = this;
    const [channels, ...plane] = shape as readonly [number, number, number];
    if (random.chance(0.08)) return { text: "globalavgpool", shape: [channels, 1, 1] };
    if (random.chance(0.15)) {
      const size = [random.integer(1, 4), random.integer(1, 4)];
      return { text: `adaptiveavgpool(${size.join("x")})`, shape: [channels, ...size] };
    }
    const average = random.chance(0.5);
    const window = poolWindow(random, plane, average);
    const name = average ? "avgpool" : "maxpool";
    return { text: `${name}(${window.kernel}${window.args})`, shape: [channels, ...window.plane] };
  }

  /** What keeps the shape. */
  private pass(shape: Shape): Piece {
    const { random } = this;
    const list = Array.from({ length: shape[0]! }, (_, c) => `${((c * 7) % 5) / 4 - 0.5}`).join(
      ", ",
    );
    const image = [
      "lrn(5)",
      "lrn(3, alpha: 0.5, beta: 0.6, k: 2)",
      "maxpool(3x3/1, pad: same)",
      "avgpool(3x3/1, pad: same)",
      "softmax(axis: height)",
      "logsoftmax(axis: width)",
    ];
    const any = [
      "batchnorm",
      "batchnorm(affine: false, eps: 1e-3)",
      "batchnorm(scale: false)",
      "groupnorm(1)",
      "groupnorm(in)",
      "layernorm",
      "l2norm(scale: 20)",
      ...activationNames.map((name) => activationCall(name, random)),
      "prelu",
      "prelu(shared: true)",
      "softmax",
      "logsoftmax",
      "dropout(0.3)",
      "identity",
      "scale(1.5)",
      "scale(0.5, shift: -0.25)",
      `scale([${list}], shift: 0.125)`,
      `scale(2, shift: [${list}])`,
    ];
    const text = random.pick(shape.length === 3 ? [...any, ...image] : any);
    return { text: sharingStatistics(text, shape) < fewest ? "identity" : text, shape };
  }

  /** A branch that keeps height and width and gives `channels`. */
  private branch(shape: Shape, channels: number | "in"): string {
    const { random } = this;
    if (random.chance(0.3)) return this.sameConv(shape, channels);
    const first = random.chance(0.5) ? this.pass(shape).text : this.nested(shape);
    return `${first} -> ${this.sameConv(shape, channels)}`;
  }

  /** A join inside a join that keeps the shape. */
  private nested(shape: Shape): string {
    if (this.depth > 1) return this.pass(shape).text;
    return (this.random.chance(0.5) ? this.residual(shape) : this.addLike(shape)).text;
  }

  private concat(shape: Shape): Piece {
    const { random } = this;
    this.depth++;
    const branches = ["a", "b", "c", "d"].slice(0, random.integer(1, 4)).map((label) => {
      if (random.chance(0.15))
        return { text: `${label}: ${this.pass(shape).text}`, count: shape[0]! };
      const count = random.pick(counts);
      return { text: `${label}: ${this.branch(shape, count)}`, count };
    });
    if (this.depth < 3 && random.chance(0.25)) {
      const inner = this.concat(shape);
      branches.push({ text: `e: ${inner.text}`, count: inner.shape[0]! });
    }
    this.depth--;
    const channels = branches.reduce((sum, { count }) => sum + count, 0);
    const text = `concat { ${branches.map((branch) => branch.text).join("  ")} }`;
    return { text, shape: [channels, ...shape.slice(1)] };
  }

  private sum(shape: Shape): Piece {
    const channels = this.random.pick(counts);
    const join = this.random.pick(["add", "add", "mul", "max"]);
    const branches = ["a", "b"].map((label) => `${label}: ${this.branch(shape, channels)}`);
    return { text: `${join} { ${branches.join("  ")} }`, shape: [channels, ...shape.slice(1)] };
  }

  /** Squeeze and excite, or a term for each channel. */
  private gated(shape: Shape): Piece {
    const { random } = this;
    const gate = `gate: globalavgpool -> conv(1x1, ${random.pick([1, 8])}, act: relu) -> conv(1x1, in, act: sigmoid)`;
    const branches = [gate, `x: ${this.pass(shape).text}`];
    if (random.chance(0.3)) branches.push("more: globalavgpool -> tanh");
    const join = random.pick(["mul", "mul", "add"]);
    const order = random.chance(0.5) ? branches : branches.reverse();
    return { text: `${join} { ${order.join("  ")} }`, shape };
  }

  private addLike(shape: Shape): Piece {
    return { text: `add { a: identity  b: ${this.sameConv(shape, "in")}  c: relu }`, shape };
  }

  private residual(shape: Shape): Piece {
    const scale = this.random.pick(["", "(scale: 0.17)", "(scale: -0.5)"]);
    this.depth++;
    const body = this.branch(shape, "in");
    this.depth--;
    return { text: `residual${scale} { ${body} }`, shape };
  }

  private repeat(shape: Shape): Piece {
    this.depth++;
    const body = this.random.chance(0.5) ? this.residual(shape).text : this.branch(shape, "in");
    this.depth--;
    return { text: `repeat(${this.random.integer(1, 3)}) { ${body} }`, shape };
  }

  private module(shape: Shape): Piece {
    const { random } = this;
    const few = counts.filter((count) => count * shape[0]! * shape[1]! * shape[2]! * 9 <= budget);
    const count = (): number => random.pick(few.length === 0 ? [1] : few);
    const [n1, r3, n3, pp] = [count(), Math.min(count(), 8), Math.min(count(), 17), count()];
    this.modules.set(
      "Mix",
      `module Mix(n1, r3, n3, pp, k = 3x3) {
  concat {
    a: conv(1x1, n1)
    b: conv(1x1, r3) -> conv(k, n3, pad: same)
    c: maxpool(3x3/1, pad: same) -> conv(1x1, pp)
  }
}`,
    );
    const kernel = random.chance(0.3) ? ", k: 1x3" : "";
    const text = `Mix(${n1}, ${r3}, n3: ${n3}, pp: ${pp}${kernel})`;
    return { text, shape: [n1 + n3 + pp, ...shape.slice(1)] };
  }

  /** Joins with an earlier stage, or the input, of the same height and width. */
  private skip(shape: Shape): Piece {
    const { random } = this;
    const level = this.stages.filter(
      (stage) => stage.shape.length === 3 && stage.shape.slice(1).join() === shape.slice(1).join(),
    );
    if (level.length === 0) return this.conv(shape);
    const { name, shape: old } = random.pick(level);
    const text = `concat { a: from ${name} -> ${this.pass(old).text}  b: ${this.pass(shape).text} }`;
    return { text, shape: [old[0]! + shape[0]!, ...shape.slice(1)] };
  }

  /** What an output ends in. */
  private head(shape: Shape): Piece {
    const heads = [
      "globalavgpool -> dropout(0.2) -> linear(classes) -> softmax",
      "globalavgpool -> flatten -> softmax",
      "flatten -> dropout(0.5) -> linear(5) -> relu -> linear(classes, bias: false)",
      "adaptiveavgpool(2x3) -> linear(classes) -> batchnorm -> tanh -> linear(3)",
      "concat { a: linear(3)  b: flatten -> linear(17) -> sigmoid } -> residual { linear(in) }",
      "identity",
      "conv(1x1, classes) -> softmax",
      "flatten",
    ];
    return { text: this.random.pick(heads), shape };
  }
}
