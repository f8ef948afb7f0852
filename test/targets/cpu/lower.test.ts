import { describe, expect, it } from "vitest";
import { projectOf } from "../../../src/build/project/project.js";
import { variantOf } from "../../../src/build/choose/variant.js";
import type { BuildRequest } from "../../../src/build/request.js";
import { cpuKernels } from "../../../src/targets/cpu/list.js";
import { trainingKernels } from "../../../src/targets/cpu/training-list.js";
import { pooledConv } from "../../../src/ops/pooled-conv.js";
import { primitives } from "../../../src/ops/registry.js";
import type { Call, Program } from "../../../src/targets/program.js";
import { tinySpec } from "../../emit/project.js";
import { networkOf } from "../../support/network.js";

function programOf(text: string, more: Partial<BuildRequest> = {}): Program {
  const request: BuildRequest = { spec: "test.incept", network: networkOf(text), ...more };
  return projectOf(request, { ...variantOf(request), levels: ["avx512"] }).program;
}

/** Calls by the name of their kernel, with `|` for barriers. */
const outline = ({ run }: Program): string =>
  run
    .flatMap((item) => ("kind" in item ? [item] : item.instructions))
    .map((instruction) => (instruction.kind === "barrier" ? "|" : instruction.function))
    .join(" ");

const callsOf = ({ run }: Program): readonly Call[] =>
  run
    .flatMap((item) => ("kind" in item ? [] : item.instructions))
    .filter((instruction): instruction is Call => instruction.kind === "call");

it("has a kernel for every primitive", () => {
  const known = new Set(cpuKernels.map(({ primitive }) => primitive));
  const training = new Set(trainingKernels.map(({ primitive }) => primitive));
  const own = [...known].filter((name) => primitives.has(name) || !training.has(name));
  // What specs are made of, and what passes make of that.
  expect(own.sort()).toEqual([...primitives.keys(), pooledConv.name].sort());
});

describe("the fast mode", () => {
  it("brings the network's input into blocks for kernels that need it", () => {
    expect(outline(programOf(tinySpec))).toBe(
      "to_blocked | scale | conv | conv | max_pool | adaptive_avg_pool to_planar | linear | softmax",
    );
  });

  it("puts siblings side by side, with barriers only between levels", () => {
    const text = `model M { input x: f32[16, 4, 4]
      a: concat { l: conv(1x1, 16)  r: conv(3x3, 16)  s: conv(3x3, 16, act: relu) }
      output y: globalavgpool -> flatten }`;
    expect(outline(programOf(text))).toBe("conv conv conv | adaptive_avg_pool | to_planar");
  });

  it("brings an operand that is the input into blocks once", () => {
    const text = `model M { input x: f32[3, 4, 4]
      output y: add { a: identity  b: identity  c: conv(3x3, 3) } }`;
    const program = programOf(text);
    expect(callsOf(program).filter((c) => c.function === "to_blocked")).toHaveLength(1);
  });

  it("shares a layer between nodes of one shape", () => {
    const text = `model M { input x: f32[16, 4, 4]
      a: repeat(3) { conv(3x3, 16, act: relu) }
      output y: globalavgpool -> linear(2) }`;
    const program = programOf(text);
    // The first reads the planar input; the two others are alike.
    expect(program.layers.filter(({ type }) => type === "Conv")).toHaveLength(2);
    expect(program.convolutions).toBe(3);
  });
});

describe("the reference mode", () => {
  it("runs every node as written on planar kernels", () => {
    const program = programOf(tinySpec, { passes: false });
    expect(callsOf(program).every((c) => c.function.startsWith("reference::"))).toBe(true);
    expect(callsOf(program).every((c) => c.header.startsWith("cpu/reference/"))).toBe(true);
    expect(program.stagingFloats).toBe(0);
  });
});

it("computes aligned, disjoint places for the weights", () => {
  const program = programOf(tinySpec);
  const offsets = program.prepare
    .flatMap(({ instructions }) => instructions)
    .flatMap(({ args }) => args)
    .flatMap((arg) => (arg.kind === "weights" ? [arg.offset] : []));
  expect(new Set(offsets).size).toBe(offsets.length);
  expect(offsets.every((offset) => offset % 16 === 0)).toBe(true);
  expect(Math.max(...offsets)).toBeLessThan(program.weightBytes / 4);
});
