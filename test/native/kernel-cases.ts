/** What fast kernels are held against their references by: random odd shapes, as C++ programs. */
import * as shapes from "./shapes.js";

export interface Case {
  readonly name: string;
  readonly declarations: string;
  readonly call: string;
}

let count = 0;

/** A case with one descriptor: `check_<family><name>("descriptor")`. */
export function single(type: string, family: string, descriptor: string, algorithm = ""): Case {
  const name = `case_${count++}`;
  const text = `${descriptor}${algorithm && ` ${algorithm}`}`;
  return {
    name: text,
    declarations: `static constexpr ${type} ${name} = ${descriptor};`,
    call: `check::check_${family}<${name}${algorithm && `, ${algorithm}`}>(${JSON.stringify(text)});`,
  };
}

function concatCase(next: shapes.Random): Case {
  const [a, b] = shapes.concat(next);
  const name = `case_${count++}`;
  return {
    name: `${a} ${b}`,
    declarations: `static constexpr Copy ${name}_a = ${a}, ${name}_b = ${b};`,
    call: `check::check_concat<${name}_a, ${name}_b>(${JSON.stringify(`${a} ${b}`)});`,
  };
}

/** A pool, and behind it a 1x1 convolution that pools some rows at a time. */
function pooledCase(next: shapes.Random, march: string, pool = shapes.pool(next)): Case {
  const [, channels, rows, columns] =
    /input\((\d+).*output\((\d+), (\d+)\)/.exec(pool)!.map(Number) as [number, ...number[]];
  const conv =
    `Conv{}.input(${channels}, ${rows}, ${columns})` +
    `.output(${shapes.pick(next, [3, 17, 64, 80])}, ${rows}, ${columns})` +
    shapes.pick(next, shapes.activations);
  const algorithm = pointwise(next, march)[0]!
    .replace("Pointwise", "Pooled")
    .replace(">", `, ${next(1, 4)}>`);
  const name = `case_${count++}`;
  const text = `${pool} ${conv} ${algorithm}`;
  return {
    name: text,
    declarations: `static constexpr Pool ${name}_pool = ${pool};\nstatic constexpr Conv ${name} = ${conv};`,
    call: `check::check_pool_conv<${name}_pool, ${name}, ${algorithm}>(${JSON.stringify(text)});`,
  };
}

export const pooledConvolutions = (
  next: shapes.Random,
  march: string,
  count: number,
): readonly Case[] => Array.from({ length: count }, () => pooledCase(next, march));

/** Joins of three values, of which any but the first may be one pixel that is spread. */
function joinCases(next: shapes.Random): readonly Case[] {
  const place = (): string => shapes.pick(next, [".spread(1)", ".spread(2)", ".spread(1, 2)"]);
  const applied = (): string => shapes.pick(next, shapes.activations);
  return [
    single("Add", "add", `Add{}${shapes.extent(next)}.scales(1, 0.17f, -2)`),
    single("Add", "add", `Add{}${shapes.image(next)}.scales(1, 0.17f, -2)${place()}`),
    single("Add", "add", `Add{}${shapes.extent(next)}.scales(1, -0.5f, 2)${applied()}`),
    single("Add", "add", `Add{}${shapes.image(next)}.scales(1, 3, 2)${place()}${applied()}`),
    single("Mul", "mul", `Mul{}${shapes.extent(next)}.operands(3)`),
    single("Mul", "mul", `Mul{}${shapes.image(next)}.operands(3)${place()}`),
    single("Max", "max", `Max{}${shapes.extent(next)}.operands(3)`),
  ];
}

export const program = (cases: readonly Case[]): string =>
  [
    '#include "check.hpp"',
    "using namespace incept;",
    "using namespace incept::cpu;",
    ...cases.map((one) => one.declarations),
    "int main() {",
    ...cases.map((one) => `  ${one.call}`),
    "}",
  ].join("\n");

const direct: Record<string, readonly string[]> = {
  native: ["Direct<1, 28>", "Direct<2, 14>", "Direct<3, 9>", "Direct<4, 6>"],
  haswell: ["Direct<1, 6>", "Direct<2, 3>"],
  "x86-64": ["Direct<1, 2>", "Direct<2, 1>"],
  "armv8-a": ["Direct<1, 6>", "Direct<2, 3>"],
};

/** Of one block of outputs, of which some registers hold no channel: their place is for pixels. */
const narrow = (next: shapes.Random): readonly Case[] =>
  [4, 8, 12].flatMap((outputs) =>
    (["dense", "pointwise", "planar"] as const).map((kind) => {
      const layer = shapes.conv(next, kind).replace(/output\(\d+/, `output(${outputs}`);
      return single("Conv", "conv", layer, `Direct<1, ${Math.floor(96 / outputs)}>`);
    }),
  );

/** Outputs of Winograd's tiles along a side of so many taps: what there are points for. */
const tileSides: Readonly<Record<number, readonly number[]>> = {
  1: [1],
  2: [3, 5],
  3: [2, 4, 5],
  4: [3, 4, 5],
  5: [2, 3, 4],
  6: [2, 3, 5],
  7: [2, 4],
};

/** Winograd's tiles that suit a layer's kernel, with odd stretches, both ways of sharing out. */
function winograd(next: shapes.Random, layer: string): readonly string[] {
  const pair = (name: string): number[] =>
    new RegExp(`\\.${name}\\((\\d+), (\\d+)\\)`).exec(layer)!.slice(1).map(Number);
  const isPlanar = layer.includes(".planar()");
  const [stride, dilation] = [pair("stride"), pair("dilation")];
  if (dilation.some((step) => step > 1)) return [];
  if (!isPlanar && stride.some((step) => step > 1)) return [];
  const taps = pair("kernel").map((count, side) => Math.ceil(count / stride[side]!));
  const isAlongOne = taps.includes(1);
  if (taps.some((count) => count > 5) && !isAlongOne) return [];
  const [heights, widths] = taps.map((count) =>
    tileSides[count]!.filter((outputs) => isAlongOne || outputs + count - 1 <= 8),
  ) as [number[], number[]];
  const alike = heights.flatMap((height) =>
    widths.filter((width) => isAlongOne || width === height).map((width) => [height, width]),
  );
  const [first, last] = [heights.at(0)!, widths.at(-1)!];
  return [...alike, ...(isAlongOne || first === last ? [] : [[first, last]])]
    .filter(([height, width]) => height! * width! > 1)
    .flatMap(([height, width]) =>
      ["kTiles", "kBlocks"].map((share) => {
        const [blocks, tiles] = [next(1, 2), shapes.pick(next, [1, 5, 14, 29])];
        const name = isPlanar ? "PhasedWinograd" : "Winograd";
        return `${name}<${height}, ${width}, ${blocks}, ${tiles}, WinogradShare::${share}>`;
      }),
    );
}

/** Some input channels at a time: fewer than there are, as many, or more. */
const pointwise = (next: shapes.Random, march: string): readonly string[] => [
  `${shapes.pick(next, direct[march]!).replace("Direct", "Pointwise").replace(">", "")}, ${shapes.pick(next, [16, 32, 128])}>`,
];

const rectified =
  "Conv{}.input(64, 9, 10).output(33, 9, 10).kernel(3, 3).stride(1, 1).pad(1, 1, 1, 1).relu()";

/** All algorithms that compute a kind of convolution, a tuning of each. */
function algorithms(
  next: shapes.Random,
  kind: shapes.ConvKind,
  march: string,
  layer: string,
): readonly string[] {
  const tuned = {
    direct: shapes.pick(next, direct[march]!),
    depthwise: `Depthwise<${shapes.pick(next, [2, 6, 28])}>`,
  };
  const grouped = `Grouped<${next(1, 3)}, ${shapes.pick(next, [1, 4, 14])}>`;
  switch (kind) {
    case "depthwise":
      return [tuned.depthwise, grouped];
    case "odd groups":
      return [grouped];
    case "merged":
      return [tuned.direct];
    case "unstrided":
    case "phased":
      return [tuned.direct, ...winograd(next, layer)];
    case "pointwise":
      return [tuned.direct, grouped, ...pointwise(next, march)];
    default:
      return [tuned.direct, grouped];
  }
}

/** Layers of a kind, each by all algorithms that compute it. */
export const convolutions = (
  next: shapes.Random,
  march: string,
  kind: shapes.ConvKind,
  count: number,
): readonly Case[] =>
  Array.from({ length: count }, () => {
    const layer = shapes.beside(next, shapes.conv(next, kind));
    return algorithms(next, kind, march, layer).map((name) => single("Conv", "conv", layer, name));
  }).flat();

export const families: Record<string, (next: shapes.Random, march: string) => readonly Case[]> = {
  "the convolution": (next, march) => [
    ...shapes.convKinds.flatMap((kind) =>
      convolutions(next, march, kind, kind === "unstrided" || kind === "phased" ? 6 : 3),
    ),
    ...narrow(next),
    single("Conv", "conv", rectified, "Winograd<4, 4, 2, 5, WinogradShare::kTiles>"),
  ],
  "pools and convolutions as one": (next, march) => [
    ...pooledConvolutions(next, march, 8),
    ...shapes.poolCorners.map((pool) => pooledCase(next, march, pool)),
  ],
  "pooling and linear": (next) => [
    ...shapes.poolCorners.map((pool) => single("Pool", "pool", pool)),
    ...shapes.poolCorners.map((pool) => single("Pool", "pool", `${pool}.lanes(11)`)),
    ...Array.from({ length: 8 }, () => [
      single("Pool", "pool", shapes.beside(next, shapes.pool(next))),
      single("AdaptivePool", "adaptive", shapes.adaptivePool(next)),
      single("Bilinear", "bilinear", shapes.bilinear(next)),
      single("Linear", "linear", shapes.linear(next), "MatrixVector"),
    ]).flat(),
  ],
  "the other operators": (next) => [
    ...shapes.activations.map((own) =>
      single("Activate", "activate", `Activate{}${shapes.extent(next)}${own}`),
    ),
    ...Array.from({ length: 7 }, () => [
      single("Lrn", "lrn", shapes.lrn(next)),
      single("ImageNorm", "image_norm", `ImageNorm{}${shapes.extent(next)}`),
      single("ImageNorm", "image_norm", `ImageNorm{}${shapes.extent(next)}.centred()`),
      single("ImageNorm", "image_norm", "ImageNorm{}.image(36, 3, 5).groups(4).centred()"),
      single("Softmax", "softmax", `Softmax{}${shapes.extent(next)}`),
      single("Softmax", "softmax", `Softmax{}${shapes.image(next)}.over_height()`),
      single("Softmax", "softmax", `Softmax{}${shapes.image(next)}.over_width()`),
      single("Softmax", "softmax", `Softmax{}${shapes.extent(next)}.log()`),
      single("Softmax", "softmax", `Softmax{}${shapes.image(next)}.over_width().log()`),
      single("PRelu", "prelu", `PRelu{}${shapes.extent(next)}`),
      single("PRelu", "prelu", `PRelu{}${shapes.extent(next)}.shared()`),
      single("Scale", "scale", `Scale{}${shapes.extent(next)}.factor(0.5f).offset(-2.0f)`),
      single("BatchNorm", "batch_norm", `BatchNorm{}${shapes.extent(next)}.eps(1e-3f)`),
      ...joinCases(next),
      single("Image", "layout", `Image{}${shapes.image(next)}`),
      concatCase(next),
    ]).flat(),
  ],
};
