/** Which networks `npm run gpu-check` carries to a GPU, in which precisions, for how many images. */
import { readSource } from "../../src/model/sources/files.js";
import type { Network } from "../../src/model/network.js";
import type { GpuPrecision } from "../../src/targets/program.js";
import { builtExamples, exampleSpec } from "../../test/support/examples.js";
import { networkOf } from "../../test/support/network.js";
import { randomNetwork } from "../../test/support/networks.js";

/** One library: a network in a precision. */
export interface Wanted {
  /** A folder, a CMake target and a file name: letters, digits and dashes. */
  readonly id: string;
  readonly name: string;
  /** The spec's name; a random network's names no file. */
  readonly spec: string;
  readonly precision: GpuPrecision;
  readonly maxBatch: number;
  readonly kind: "example" | "random";
  readonly network: () => Network;
}

const all: readonly GpuPrecision[] = ["f16", "bf16", "f32", "tf32"];
const fewer: readonly GpuPrecision[] = ["f16", "f32"];

/** The large ones in fewer precisions: all of it is to end in nine minutes. */
const large: readonly string[] = ["inception-v3", "inception-resnet-v2"];

/** What is timed needs room for its largest batch. */
const batches: Readonly<Record<string, number>> = { "googlenet-f16": 256, "inception-v3-f16": 64 };
const usualBatch = 8;

const seeds = Array.from({ length: 16 }, (_, i) => i + 1);
const turns: readonly GpuPrecision[] = ["f32", "f16", "bf16"];

/** Every example that tests build, and the random networks; `maxBatch` caps their batches. */
export const allNetworks = (maxBatch = Infinity): readonly Wanted[] =>
  [...examples(), ...randomOnes()].map((wanted) => ({
    ...wanted,
    maxBatch: Math.min(maxBatch, wanted.maxBatch),
  }));

/** Those whose name (`googlenet`) or id (`googlenet-f16`) is listed. */
export function only(networks: readonly Wanted[], listed: readonly string[]): readonly Wanted[] {
  for (const word of listed) {
    if (networks.some(({ id, name }) => id === word || name === word)) continue;
    const known = [...new Set(networks.map(({ name }) => name))].join(", ");
    throw new RangeError(`There is no network ${word}: it is one of ${known}.`);
  }
  return networks.filter(({ id, name }) => listed.includes(id) || listed.includes(name));
}

function examples(): readonly Wanted[] {
  return builtExamples.flatMap((name) =>
    (large.includes(name) ? fewer : all).map((precision): Wanted => {
      const id = idOf(name, precision);
      return {
        id,
        name,
        spec: exampleSpec(name),
        precision,
        maxBatch: batches[id] ?? usualBatch,
        kind: "example",
        network: () => networkOf(readSource(exampleSpec(name))),
      };
    }),
  );
}

/** What no seed may draw: parts of channels, images that grow, norms of each image, sides. */
const cuts = `model Cuts {
  input x: f32[24, 9, 7]
  a: conv(3x3, 40) -> shuffle(5) -> upsample(2x3)
  b: from a -> slice(8, 24) -> zeropad([0, 1, 2, 3]) -> conv(3x3, 17, pad: 0)
  c: from a -> slice(5, 22) -> globalmaxpool
  output y: from b -> slice(3, 17) -> lrn(3)
  output z: from c -> linear(5)
  output grown: from b -> convtranspose(3x3/2, 8, pad: 1, output_pad: 1)
  output smooth: from b -> upsample(2x3, bilinear)
  output part: from a -> slice(0, 8)
  output normal: from a -> prelu -> groupnorm(8) -> layernorm -> l2norm(scale: 20)
  output shares: from a -> softmax(axis: height) -> prelu(shared: true) -> logsoftmax
}`;

function randomOnes(): readonly Wanted[] {
  const drawn = seeds.map((seed) => ({ name: `random-${seed}`, text: () => randomNetwork(seed) }));
  return [...drawn, { name: "random-cuts", text: () => cuts }].map(({ name, text }, i): Wanted => {
    const precision = turns[i % turns.length]!;
    const path = `${name}.incept`;
    return {
      id: idOf(name, precision),
      name,
      spec: path,
      precision,
      maxBatch: usualBatch,
      kind: "random",
      network: () => networkOf({ path, text: text() }),
    };
  });
}

const idOf = (name: string, precision: GpuPrecision): string =>
  `${name.replace(/[^A-Za-z0-9-]/g, "-")}-${precision}`;
