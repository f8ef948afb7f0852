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
import { loadWeights } from "../../src/runtime/weights/load.js";
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

/** Tiles of `winograd.hpp` by the longer side of the kernel. */
const tiles: Readonly<Record<number, readonly number[]>> = { 3: [2, 4], 5: [2, 4], 7: [2, 4] };

const algorithms = ({ attrs }: Node<ConvAttrs>): readonly (readonly [string, string])[] => {
  const [height, width] = attrs.kernel;
  const longer = Math.max(height, width);
  const dimensions = Math.min(height, width) === 1 ? "1-D " : "";
  return [
    ["direct", "Direct<2, 14>"],
    ...tiles[longer]!.map((m): [string, string] => {
      const [h, w] = [height, width].map((taps) => (taps === 1 ? 1 : m));
      return [
        `${dimensions}F(${m},${longer})`,
        `Winograd<${h}, ${w}, 2, 14, WinogradShare::kTiles>`,
      ];
    }),
  ];
};

const layers = graph.nodes.filter(
  (node): node is Node<ConvAttrs> =>
    isNode(node, conv2d) &&
    node.attrs.groups === 1 &&
    [...node.attrs.stride, ...node.attrs.dilation].every((step) => step === 1) &&
    Math.max(...node.attrs.kernel) in tiles &&
    (Math.min(...node.attrs.kernel) === 1 || node.attrs.kernel[0] === node.attrs.kernel[1]),
);

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
    ...layers.map(({ inputs, outputs, attrs: { kernel, pads } }, i) => {
      const { top, left, bottom, right } = pads;
      return (
        `static constexpr Conv layer_${i} = Conv{}.input(${inputs[0]!.shape.join(", ")})` +
        `.output(${outputs[0]!.shape.join(", ")}).kernel(${kernel.join(", ")}).stride(1, 1)` +
        `.pad(${top}, ${left}, ${bottom}, ${right});`
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
    console.log(`${name.padEnd(12)} ${String(all.length).padStart(3)} layers  ${text}`);
  }
}
