import { describe, expect, it } from "vitest";
import { projectOf } from "../../../src/build/project/project.js";
import type { BuildRequest } from "../../../src/build/request.js";
import { variantOf } from "../../../src/build/choose/variant.js";
import { primitives } from "../../../src/ops/registry.js";
import { gpuKernels } from "../../../src/targets/cuda/list.js";
import type { CudaProgram } from "../../../src/targets/program.js";
import { tinySpec } from "../../emit/project.js";
import { networkOf } from "../../support/network.js";

function programOf(text: string, more: Partial<BuildRequest> = {}): CudaProgram {
  const network = networkOf(text);
  const request: BuildRequest = { spec: "test.incept", network, target: "cuda", ...more };
  return projectOf(request, variantOf(request)).program as CudaProgram;
}

/** `name: calls <- what it waits for` */
const outline = ({ run }: CudaProgram): readonly string[] =>
  run.map(
    ({ name, instructions, after }) =>
      `${name}: ${instructions.map((call) => call.function).join(" ")} <- ${after.join(", ")}`,
  );

it("has a kernel for every primitive", () => {
  const known = new Set(gpuKernels("f32").map(({ primitive }) => primitive));
  expect([...known].sort()).toEqual([...primitives.keys()].sort());
});

describe("tasks", () => {
  it("wait for what they read, and name no one that another of them waits for", () => {
    const text = `model M { input x: f32[16, 8, 8]
      a: residual { conv(3x3, 16, act: relu) -> conv(3x3, 16) }
      output y: globalavgpool -> linear(4) }`;
    expect(outline(programOf(text))).toEqual([
      "input x: load_input <- ",
      "a.0: conv <- input x",
      "a.1: conv <- a.0",
      "a: add <- a.1",
      "y.0: adaptive_avg_pool <- a",
      "y.1: linear <- y.0",
      "output y: store_output <- y.1",
    ]);
  });

  it("wait for every operand of a concat that lies in place, which is no task itself", () => {
    const text = `model M { input x: f32[16, 8, 8]
      m: concat { a: conv(3x3, 8)  b: conv(3x3, 8) }
      output y: conv(3x3, 4) }`;
    const tasks = outline(programOf(text));
    expect(tasks).toContain("y: conv <- m.a, m.b");
    expect(tasks.some((task) => task.startsWith("m:"))).toBe(false);
  });

  it("copy a slice for a linear, and siblings that begin at no vector", () => {
    const text = `model M { input x: f32[16, 8, 8]
      m: concat { a: conv(3x3, 8)  b: conv(3x3, 8) }
      s: concat { c: conv(1x1, 3)  d: conv(1x1, 4) }
      output p: from m -> linear(4)
      output q: from s -> conv(3x3, 4)
      output r: from s -> linear(2) }`;
    const calls = programOf(text).run.map(({ instructions }) =>
      instructions.map((c) => c.function).join(" "),
    );
    expect(calls).toContain("conv copy copy");
    expect(calls.filter((call) => call === "linear")).toHaveLength(2);
  });
});

it("speaks of tf32 to the libraries alone", () => {
  const program = programOf(tinySpec, { precision: "tf32" });
  const precision = new Map(
    program.run.flatMap(({ instructions }) =>
      instructions.map((call) => [call.function, call.templates.at(-1)]),
    ),
  );
  expect([precision.get("conv"), precision.get("linear")]).toEqual(["tf32", "tf32"]);
  expect([precision.get("max_pool"), precision.get("load_input")]).toEqual(["f32", "f32"]);
});

it("counts weights in bytes, aligned for the libraries", () => {
  const bytesOf = (precision: "f32" | "f16"): number =>
    programOf(tinySpec, { precision }).weightBytes;
  expect(bytesOf("f16")).toBeLessThan(bytesOf("f32"));
  const offsets = programOf(tinySpec, { precision: "f16" })
    .prepare.flatMap(({ instructions }) => instructions)
    .flatMap(({ args }) => args)
    .flatMap((arg) => (arg.kind === "weights" ? [arg.offset] : []));
  expect(new Set(offsets).size).toBe(offsets.length);
  expect(offsets.every((offset) => offset % 256 === 0)).toBe(true);
});
