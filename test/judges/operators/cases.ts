/**
 * Random calls of every operator, many to a network: a build costs seconds, a run nothing. All of
 * a network's values are cut out of its one input by operators that only move numbers (a 1x1
 * convolution that selects channels, a 1x1 max pool that skips pixels), so that each call is
 * judged alone, whatever the others do.
 */
import { activationNames } from "../../../src/ops/activations.js";
import { slide, type Pads, type Pair } from "../../../src/ops/window.js";
import { activationCall } from "../../support/activation-calls.js";
import type { Random } from "../../support/random.js";

export interface OperatorCase {
  readonly operator: string;
  /** The primitive whose tolerance judges the case. */
  readonly primitive: string;
  readonly from: Cut;
  readonly call: string;
}

/** A value to work on: `channels` of the input's, every `step`th pixel. */
interface Cut {
  readonly channels: number;
  readonly step: Pair;
  readonly plane: Pair;
}

const input = { channels: 33, plane: [15, 13] as Pair };
const channelCounts = [1, 3, 17, 32, 33];
const steps: readonly Pair[] = [
  [1, 1],
  [15, 13],
  [15, 2],
  [3, 13],
  [2, 2],
  [2, 3],
  [5, 1],
];

const cuts: readonly Cut[] = channelCounts.flatMap((channels) =>
  steps.map((step) => ({
    channels,
    step,
    plane: [Math.ceil(input.plane[0] / step[0]), Math.ceil(input.plane[1] / step[1])] as const,
  })),
);

type Draw = (random: Random, cut: Cut) => string | undefined;

interface Family {
  readonly primitive: string;
  readonly draw: Draw;
}

/** The calls of each operator of the language that computes something, and of what passes make one. */
export const families: Readonly<Record<string, Family>> = {
  conv: { primitive: "conv", draw: (random, cut) => convolution(random, cut, "conv") },
  depthwise: { primitive: "conv", draw: (random, cut) => convolution(random, cut, "depthwise") },
  convtranspose: { primitive: "convtranspose", draw: transposed },
  maxpool: { primitive: "maxpool", draw: (random, cut) => pool(random, cut, "maxpool") },
  avgpool: { primitive: "avgpool", draw: (random, cut) => pool(random, cut, "avgpool") },
  globalavgpool: {
    primitive: "adaptiveavgpool",
    draw: (random) => `globalavgpool${random.pick(["", " -> relu"])}`,
  },
  adaptiveavgpool: {
    primitive: "adaptiveavgpool",
    draw: (random) =>
      `adaptiveavgpool(${random.integer(1, 7)}x${random.integer(1, 7)})${random.pick(["", " -> relu"])}`,
  },
  globalmaxpool: {
    primitive: "maxpool",
    draw: (random) => `globalmaxpool${random.pick(["", " -> relu6"])}`,
  },
  zeropad: {
    primitive: "zeropad",
    draw: (random) => `zeropad(${random.pick(["0", "2", "1x3", "[0, 1, 2, 3]", "[4, 0, 0, 0]"])})`,
  },
  upsample: {
    primitive: "upsample",
    draw: (random) => `upsample(${random.pick(["1", "2", "3", "1x2", "4x1"])})`,
  },
  bilinear: {
    primitive: "bilinear",
    draw: (random) => `upsample(${random.pick(["1", "2", "3", "1x2", "4x1", "5x4"])}, bilinear)`,
  },
  slice: {
    primitive: "slice",
    draw: (random, { channels }) => {
      const from = random.pick([0, 16, random.integer(0, channels - 1)]);
      const to = random.pick([channels, random.integer(from + 1, channels)]);
      return from < channels ? `${maybeFlat(random)}slice(${from}, ${to})` : undefined;
    },
  },
  shuffle: {
    primitive: "shuffle",
    draw: (random, { channels }) =>
      `${random.chance(0.2) ? `flatten -> shuffle(${channels})` : `shuffle(${random.pick(divisors(channels))})`}`,
  },
  linear: {
    primitive: "linear",
    draw: (random) =>
      `${maybeFlat(random)}linear(${random.pick([1, 3, 17, 33])}, bias: ${random.chance(0.5)})`,
  },
  batchnorm: {
    primitive: "batchnorm",
    draw: (random) =>
      `${maybeFlat(random)}batchnorm(eps: ${random.pick(["1e-5", "1e-3"])}, ${learned(random)})`,
  },
  groupnorm: {
    primitive: "groupnorm",
    draw: (random, { channels }) => {
      const groups = random.pick(divisors(channels));
      return `${maybeFlat(random)}groupnorm(${groups}, ${affine(random)})`;
    },
  },
  layernorm: {
    primitive: "layernorm",
    draw: (random) => `${maybeFlat(random)}layernorm(${affine(random)})`,
  },
  l2norm: {
    primitive: "l2norm",
    draw: (random) =>
      `${maybeFlat(random)}l2norm(${random.chance(0.5) ? "scale: 20" : "affine: false"})`,
  },
  lrn: {
    primitive: "lrn",
    draw: (random) => {
      const alpha = random.pick(["1e-4", "0.5"]);
      const beta = random.pick(["0.75", "0.5", "1.25"]);
      return `lrn(${random.pick([1, 3, 5, 9])}, alpha: ${alpha}, beta: ${beta}, k: ${random.pick([1, 2])})`;
    },
  },
  ...Object.fromEntries(
    activationNames.map((name) => {
      const draw: Draw = (random) => `${maybeFlat(random)}${activationCall(name, random)}`;
      return [name, { primitive: name, draw }];
    }),
  ),
  prelu: {
    primitive: "prelu",
    draw: (random) => `${maybeFlat(random)}prelu${random.pick(["", "(shared: true)"])}`,
  },
  softmax: { primitive: "softmax", draw: (random) => distributed(random, "softmax") },
  logsoftmax: { primitive: "logsoftmax", draw: (random) => distributed(random, "logsoftmax") },
  dropout: { primitive: "dropout", draw: (random) => `${maybeFlat(random)}dropout(0.5)` },
  flatten: { primitive: "flatten", draw: () => "flatten" },
  identity: { primitive: "identity", draw: (random) => `${maybeFlat(random)}identity` },
  scale: { primitive: "scale", draw: scaling },
  concat: {
    primitive: "concat",
    draw: (random) => `concat { ${branches(random, (other) => other)} }`,
  },
  add: {
    primitive: "add",
    draw: (random, cut) => `add { ${branches(random, () => undefined, gate(random, cut))} }`,
  },
  mul: {
    primitive: "mul",
    draw: (random, cut) => `mul { ${branches(random, () => undefined, gate(random, cut))} }`,
  },
  max: {
    primitive: "max",
    draw: (random) => `max { ${branches(random, () => undefined)} }`,
  },
  pooledconv: {
    primitive: "conv",
    draw: (random, cut) => {
      const before = pool(random, cut, random.pick(["maxpool", "avgpool"]));
      const act = random.pick(["", ", act: relu", `, act: ${activationCall("leakyrelu", random)}`]);
      const bias = random.chance(0.3) ? ", bias: false" : "";
      return before && `${before} -> conv(1x1, ${random.pick([1, 5, 16, 33, 64])}${bias}${act})`;
    },
  },
  residual: {
    primitive: "conv",
    draw: (random, cut) => {
      const body = random.chance(0.3) ? mover(random) : keeping(random, cut);
      const act = random.pick([
        "",
        "",
        ...activationNames.map((name) => activationCall(name, random)),
      ]);
      const scale = random.pick(["0.17", "1", "-2"]);
      return `residual(scale: ${scale}) { ${body} }${act && ` -> ${act}`}`;
    },
  },
};

/** `count` calls of an operator, on shapes that go round the cuts. */
export function drawCases(random: Random, operator: string, count: number): OperatorCase[] {
  const { primitive, draw } = families[operator]!;
  const found: OperatorCase[] = [];
  const start = random.integer(0, cuts.length - 1);
  for (let turn = 0; found.length < count; turn++) {
    const from = cuts[(start + 4 * turn) % cuts.length]!;
    const call = draw(random, from);
    if (call !== undefined) found.push({ operator, primitive, from, call });
  }
  return found;
}

/** The whole input is read where it is, as nothing else is: planar. */
const isInput = ({ channels, step }: Cut): boolean =>
  channels === input.channels && step[0] === 1 && step[1] === 1;

const cutName = (cut: Cut): string =>
  isInput(cut) ? "x" : `c${cut.channels}_${cut.plane.join("x")}`;

/** The network that has one output `<operator>_<i>` for each case. */
export function specOf(cases: readonly OperatorCase[]): string {
  const used = [...new Set(cases.map(({ from }) => from))].filter((cut) => !isInput(cut));
  const selected = [...new Set(used.map(({ channels }) => channels))];
  const lines = [
    `input x: f32[${input.channels}, ${input.plane.join(", ")}]`,
    ...selected.map((n) => `select_${n}: from x -> conv(1x1, ${n}, bias: false)`),
    ...used.map(
      (cut) => `${cutName(cut)}: from select_${cut.channels} -> maxpool(1x1/${cut.step.join("x")})`,
    ),
    ...cases.map(
      ({ from, call }, i) => `output ${caseName(cases, i)}: from ${cutName(from)} -> ${call}`,
    ),
  ];
  return `model Cases {\n  ${lines.join("\n  ")}\n}\n`;
}

export const caseName = (cases: readonly OperatorCase[], i: number): string =>
  `${cases[i]!.operator}_${i}`;

/** Whether a parameter is one of the cuts', and then its values: output o is input 7o + 2. */
export function selection(name: string): Float32Array | undefined {
  const match = /^select_(\d+)\.weight$/.exec(name);
  if (match === null) return undefined;
  const outputs = Number(match[1]);
  const weight = new Float32Array(outputs * input.channels);
  for (let o = 0; o < outputs; o++) weight[o * input.channels + ((7 * o + 2) % input.channels)] = 1;
  return weight;
}

const affine = (random: Random): string =>
  `eps: ${random.pick(["1e-5", "1e-2"])}, affine: ${random.chance(0.5)}`;

/** Over channels, of an image or a vector, or over another side. */
const distributed = (random: Random, name: string): string =>
  random.pick([
    `${maybeFlat(random)}${name}`,
    `${name}(axis: height)`,
    `${name}(axis: width)`,
    `${name}(axis: channels)`,
  ]);

/** Which of a factor and an offset a norm learns. */
const learned = (random: Random): string =>
  random.pick(["affine: true", "affine: false", "scale: false", "shift: false"]);

const maybeFlat = (random: Random): string => (random.chance(0.2) ? "flatten -> " : "");

const written = ([height, width]: Pair): string => `${height}x${width}`;

function convolution(random: Random, cut: Cut, operator: "conv" | "depthwise"): string | undefined {
  const kernel = [random.integer(1, 5), random.integer(1, 5)] as const;
  const stride = random.pick<Pair>([
    [1, 1],
    [1, 1],
    [2, 2],
    [1, 2],
    [3, 1],
    [6, 7],
  ]);
  const dilation = random.pick<Pair>([
    [1, 1],
    [1, 1],
    [2, 2],
    [1, 3],
  ]);
  const pad = padding(random, kernel);
  if (!fits(cut, { kernel, stride, dilation, pad })) return undefined;
  const groups = random.pick(divisors(cut.channels));
  const count = groups * random.pick([1, 2, 5, 16]);
  const own =
    operator === "conv"
      ? { second: `, ${count}`, more: groups === 1 ? "" : `, groups: ${groups}` }
      : { second: "", more: random.chance(0.5) ? ", multiplier: 3" : "" };
  const spread = dilation[0] === 1 && dilation[1] === 1 ? "" : `, dilation: ${written(dilation)}`;
  const bias = random.chance(0.3) ? ", bias: false" : "";
  const act = random.pick([
    "",
    ...activationNames.map((name) => `, act: ${activationCall(name, random)}`),
  ]);
  return (
    `${operator}(${written(kernel)}/${written(stride)}${own.second}, ` +
    `pad: ${pad.text}${own.more}${spread}${bias}${act})`
  );
}

/** A convolution that gives what it takes in shape, as a residual asks for. */
function keeping(random: Random, { channels }: Cut): string {
  const kernel = random.pick(["1x1", "3x3", "1x7", "5x3"]);
  const groups = random.chance(0.3) ? `, groups: ${random.pick(divisors(channels))}` : "";
  return `conv(${kernel}, in, pad: same${groups}, bias: ${random.chance(0.7)})`;
}

/** Some of whose padding is wider than the kernel reaches, so that windows are cut away. */
function transposed(random: Random, cut: Cut): string | undefined {
  const kernel = [random.integer(1, 4), random.integer(1, 4)] as const;
  const stride = random.pick<Pair>([
    [1, 1],
    [2, 2],
    [2, 2],
    [1, 3],
    [3, 2],
  ]);
  const dilation = random.pick<Pair>([once, once, once, [2, 1]]);
  const pad = random.pick([
    [0, 0, 0, 0],
    [1, 1, 1, 1],
    [0, 1, 2, 0],
    [3, 2, 1, 1],
  ]);
  const extra = stride.map((step) => random.integer(0, Math.min(step, 2) - 1)) as [number, number];
  const sides = [0, 1].map(
    (axis) =>
      (cut.plane[axis]! - 1) * stride[axis]! -
      (pad[2 * axis]! + pad[2 * axis + 1]!) +
      dilation[axis]! * (kernel[axis]! - 1) +
      extra[axis]! +
      1,
  );
  if (Math.min(...sides) < 1) return undefined;
  const groups = random.pick(divisors(cut.channels));
  const count = groups * random.pick([1, 2, 16]);
  const multiplies = sides[0]! * sides[1]! * kernel[0] * kernel[1] * count;
  // Larger ones show nothing that these do not, and the definition takes its time.
  if ((multiplies * cut.channels) / groups > 200_000) return undefined;
  const bias = random.chance(0.3) ? ", bias: false" : "";
  return (
    `convtranspose(${written(kernel)}/${written(stride)}, ${count}, pad: [${pad.join(", ")}], ` +
    `output_pad: ${written(extra)}, dilation: ${written(dilation)}, groups: ${groups}${bias})`
  );
}

const once: Pair = [1, 1];

function pool(random: Random, cut: Cut, operator: "maxpool" | "avgpool"): string | undefined {
  const kernel = [random.integer(1, 5), random.integer(1, 5)] as const;
  const stride = random.pick<Pair>([kernel, [1, 1], [2, 2], [1, 3], [7, 6], [kernel[0] + 1, 2]]);
  const pad = padding(random, kernel);
  const dilation = operator === "avgpool" ? once : random.pick<Pair>([once, once, [2, 2], [1, 3]]);
  if (!fits(cut, { kernel, stride, dilation, pad })) return undefined;
  const { top = 0, bottom = 0, left = 0, right = 0 } = pad.pads ?? {};
  if (Math.max(top, bottom) >= kernel[0] || Math.max(left, right) >= kernel[1]) return undefined;
  // Taps may lie on both sides of a smaller image.
  if (cut.plane.some((side, axis) => side < dilation[axis]!)) return undefined;
  const spread = dilation === once ? "" : `, dilation: ${written(dilation)}`;
  const ceil = pad.text !== "tf_same" && random.chance(0.6) ? ", ceil: true" : "";
  const count = operator === "avgpool" && random.chance(0.4) ? ", count_pad: false" : "";
  const applied = random.pick(["", "", " -> relu", " -> relu6"]);
  return `${operator}(${written(kernel)}/${written(stride)}, pad: ${pad.text}${ceil}${count}${spread})${applied}`;
}

interface Padding {
  readonly text: string;
  /** In pixels, where the text says them. */
  readonly pads?: Pads;
}

const sides = (top: number, bottom: number, left: number, right: number): Pads => ({
  top,
  bottom,
  left,
  right,
});

function padding(random: Random, kernel: Pair): Padding {
  const forms: Padding[] = [
    { text: "tf_same" },
    { text: "0", pads: sides(0, 0, 0, 0) },
    { text: "0x3", pads: sides(0, 0, 3, 3) },
    { text: "1", pads: sides(1, 1, 1, 1) },
    { text: "2x1", pads: sides(2, 2, 1, 1) },
    { text: "[0, 1, 1, 0]", pads: sides(0, 1, 1, 0) },
    { text: "[2, 0, 1, 3]", pads: sides(2, 0, 1, 3) },
  ];
  if (kernel.every((side) => side % 2 === 1)) forms.push({ text: "same" }, { text: "same" });
  return random.pick(forms);
}

function fits(
  cut: Cut,
  window: { kernel: Pair; stride: Pair; dilation: Pair; pad: Padding },
): boolean {
  const { pads } = window.pad;
  if (pads === undefined) return true;
  const [height, width] = slide([cut.channels, ...cut.plane], { ...window, pads, ceil: false });
  return height > 0 && width > 0;
}

const divisors = (n: number): number[] =>
  Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0);

function scaling(random: Random, cut: Cut): string {
  const one = (): string => (random.next() * 4 - 2).toFixed(3);
  const each = (): string => `[${Array.from({ length: cut.channels }, one).join(", ")}]`;
  const list = random.chance(0.5);
  return `scale(${list ? each() : one()}, shift: ${list && random.chance(0.5) ? each() : one()})`;
}

/** Something that rounds nothing and keeps the shape. */
const mover = (random: Random): string =>
  random.pick(["relu", "scale(2)", "scale(-0.5)", "maxpool(3x3/1, pad: same)", "identity"]);

/** One pixel for each channel, which is spread over the others' plane; or nothing. */
const gate = (random: Random, { plane }: Cut): readonly string[] =>
  random.chance(0.6) ? [`maxpool(${written(plane)})`] : [];

function branches(
  random: Random,
  extra: (call: string) => string | undefined,
  more: readonly string[] = [],
): string {
  const count = random.integer(2, 4);
  const calls = Array.from({ length: count }, () => mover(random));
  calls.splice(random.integer(0, count), 0, ...more);
  const pair = extra(`concat { l: ${mover(random)} r: ${mover(random)} }`);
  if (pair !== undefined && random.chance(0.3)) calls.push(pair);
  return calls.map((call, i) => `${"abcdef"[i]}: ${call}`).join("  ");
}
