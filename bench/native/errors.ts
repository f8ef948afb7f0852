/**
 * How far Winograd's convolutions are from double precision on a network's own weights and a picture:
 * `tsx bench/native/errors.ts SPEC WEIGHTS INPUT`, where WEIGHTS is a checkpoint or `random:1`, and INPUT a
 * file of the numbers of one prepared image, f32 and planar. Each layer gets what `evaluateGraph` makes of those before it, so that only
 * its own errors count; printed are the smallest, the median and the largest of the layers, relative L2.
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildGraph } from "../../src/graph/build.js";
import { evaluateGraph } from "../../src/graph/evaluate.js";
import { isNode, type Node, parametersOf } from "../../src/graph/graph.js";
import { checkSource } from "../../src/model/check-file.js";
import { readSource } from "../../src/model/sources/files.js";
import { conv2d, type ConvAttrs } from "../../src/ops/conv2d.js";
import { channels } from "../../src/ops/shape.js";
import type { Pair } from "../../src/ops/window.js";
import { loadWeights } from "../../src/runtime/weights/load.js";
import { block } from "../../src/targets/cpu/blocks.js";
import { phased } from "../../src/targets/cpu/kernels/phased.js";
import { hostLevel, kernelFlags } from "../../src/targets/cpu/level.js";

const [spec, weights, input] = process.argv.slice(2) as [string, string, string];

const graph = buildGraph(checkSource(readSource(spec)).network!);
const parameters = parametersOf(graph);
const seed = /^random:(\d+)$/u.exec(weights)?.[1];
const { values } = await loadWeights(
  seed === undefined ? { kind: "file", path: weights } : { kind: "random", seed: Number(seed) },
  parameters,
);
const bytes = readFileSync(input);
const image = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
const numbersOf = evaluateGraph(
  graph,
  new Map([[graph.inputs[0]!, Float64Array.from(image)]]),
  new Map(parameters.map(({ name }, i) => [name, Float64Array.from(values[i]!)])),
  1,
);

/** Outputs of a tile along its sides, by the taps of the longer one. */
const tiles: Readonly<Record<number, readonly number[]>> = {
  ...{ 2: [3, 5], 3: [2, 4, 5], 4: [3, 4, 5], 5: [2, 3, 4], 6: [2, 3], 7: [2, 4] },
};

/** Whether a layer reads an image of few channels, as planar, whose phases are channels of their own. */
const isPlanar = ({ inputs, attrs }: Node<ConvAttrs>): boolean =>
  channels(inputs[0]!.shape) < block && attrs.stride.some((step) => step > 1);

const tapsOf = (node: Node<ConvAttrs>): Pair =>
  isPlanar(node) ? phased(node).attrs.kernel : node.attrs.kernel;

const algorithms = (node: Node<ConvAttrs>): readonly (readonly [string, string])[] => {
  const [height, width] = tapsOf(node);
  const longer = Math.max(height, width);
  const dimensions = Math.min(height, width) === 1 ? "1-D " : "";
  const [phases, name] = isPlanar(node) ? ["phases ", "PhasedWinograd"] : ["", "Winograd"];
  return [
    [`${phases}direct`, "Direct<2, 14>"],
    ...tiles[longer]!.map((m): [string, string] => {
      const [h, w] = [height, width].map((taps) => (taps === 1 ? 1 : m));
      return [
        `${phases}${dimensions}F(${m},${longer})`,
        `${name}<${h}, ${w}, 2, 14, WinogradShare::kTiles>`,
      ];
    }),
  ];
};

const layers = graph.nodes.filter((node): node is Node<ConvAttrs> => {
  if (!isNode(node, conv2d) || node.attrs.groups > 1) return false;
  if (node.attrs.dilation.some((step) => step > 1)) return false;
  if (node.attrs.stride.some((step) => step > 1) && !isPlanar(node)) return false;
  const [height, width] = tapsOf(node);
  const isSquare = height === width;
  return Math.max(height, width) in tiles && (isSquare || Math.min(height, width) === 1);
});

const folder = mkdtempSync(join(tmpdir(), "incept-errors-"));
try {
  const file = openSync(join(folder, "numbers"), "w");
  for (const { inputs, weights: own, outputs, attrs } of layers) {
    const bias = own["bias"] ? numbersOf(own["bias"]) : new Float64Array(attrs.channels);
    for (const floats of [numbersOf(inputs[0]!), numbersOf(own["weight"]!), bias])
      writeSync(file, new Uint8Array(Float32Array.from(floats).buffer));
    writeSync(file, new Uint8Array(numbersOf(outputs[0]!).slice().buffer));
  }
  closeSync(file);
  writeFileSync(join(folder, "errors.cpp"), program());
  const native = ["native", "native/cpu", "bench/native"].map((path) => `-I${path}`);
  const flags = [...kernelFlags(hostLevel()), "-std=c++17", "-O2", "-pthread"];
  const binary = join(folder, "errors");
  execFileSync("c++", [...flags, ...native, join(folder, "errors.cpp"), "-o", binary]);
  report(execFileSync(binary, { cwd: folder, encoding: "utf8" }));
} finally {
  rmSync(folder, { recursive: true });
}

function program(): string {
  return [
    '#include "errors.hpp"',
    "using namespace incept;",
    "using namespace incept::cpu;",
    ...layers.map((node, i) => {
      const { inputs, outputs, attrs } = node;
      const { kernel, stride, pads } = attrs;
      const { top, left, bottom, right } = pads;
      return (
        `static constexpr Conv layer_${i} = Conv{}.input(${inputs[0]!.shape.join(", ")})` +
        `.output(${outputs[0]!.shape.join(", ")}).kernel(${kernel.join(", ")}).stride(${stride.join(", ")})` +
        `.pad(${top}, ${left}, ${bottom}, ${right})${isPlanar(node) ? ".planar()" : ""};`
      );
    }),
    "int main() {",
    '  std::FILE* file = std::fopen("numbers", "rb");',
    "  Team team(1);",
    ...layers.flatMap((node, i) => [
      `  { const auto numbers = bench::read_layer<layer_${i}>(file);`,
      ...algorithms(node).map(
        ([name, type]) =>
          `    team.run([&](Member& t) { bench::judge<layer_${i}, ${type}>("${name}", t, numbers); });`,
      ),
      "  }",
    ]),
    "}",
  ].join("\n");
}

function report(lines: string): void {
  const errors = new Map<string, number[]>();
  for (const line of lines.trim().split("\n")) {
    const [, name, error] = /^(.*) (\S+)$/u.exec(line)!;
    errors.set(name!, [...(errors.get(name!) ?? []), Number(error)]);
  }
  for (const [name, all] of errors) {
    const sorted = all.toSorted((a, b) => a - b);
    const shown = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!];
    const text = shown.map((error) => error.toExponential(1)).join("  ");
    console.log(`${name.padEnd(16)} ${String(all.length).padStart(3)} layers  ${text}`);
  }
}
