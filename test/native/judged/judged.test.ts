import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Value } from "../../../src/graph/value.js";
import type { Operand } from "../../../src/ops/primitive.js";
import { elements } from "../../../src/ops/shape.js";
import { cpuKernels } from "../../../src/targets/cpu/list.js";
import { Random } from "../../support/random.js";
import { marches, runNative, unrunnable } from "../compile.js";
import { families } from "./cases.js";
import type { Drawn, Numbers } from "./nodes.js";
import { type Judged, programOf } from "./program.js";

/**
 * Every kernel of training that moves memory, those of inference that derivatives are made of, and
 * their references, against the definition of what they compute in f64: on random odd shapes, with
 * NaN wherever no number is, to the same bit on any threads, and over their operands where that is
 * allowed. Shapes are compile-time, so each instruction set gets one generated program a family.
 */

/** All kernels that compute a node: its reference at least. */
function judgedBy(drawn: Drawn, machine: string): readonly Judged[] {
  const { name } = drawn.node.primitive;
  const judged = cpuKernels.flatMap((kernel) => {
    if (kernel.primitive !== name) return [];
    const offer = kernel.offer(drawn.node, { level: machine });
    return "ways" in offer ? offer.ways.map((way) => ({ ...drawn, kernel, way })) : [];
  });
  expect(judged.map(({ kernel }) => kernel.name)).toContain(`${name}.reference`);
  return judged;
}

const operandsOf = ({ node }: Drawn): readonly Value[] => [
  ...node.inputs,
  ...Object.values(node.weights),
];

function expectedOf({ node, numbers, n }: Drawn): readonly Float64Array[] {
  const operand = (value: Value): Operand => ({
    shape: value.shape,
    data: Float64Array.from(numbers.get(value)!),
  });
  const weights = Object.entries(node.weights).map(([role, value]) => [role, operand(value)]);
  const operands = {
    inputs: node.inputs.map(operand),
    weights: Object.fromEntries(weights) as Record<string, Operand>,
  };
  return node.primitive.evaluate(operands, node.attrs, n);
}

/** Relative L2; infinite where only one is NaN, or infinities differ. */
function difference(got: Numbers, expected: Float64Array): number {
  let [error, norm] = [0, 0];
  expected.forEach((value, i) => {
    const own = got[i]!;
    if (Object.is(own, value) || own === value) return void (norm += isFinite(own) ? own * own : 0);
    const off = own - value;
    error += isFinite(off) ? off * off : Infinity;
    norm += isFinite(off) ? value * value : 0;
  });
  return Math.sqrt(error / (norm > 0 ? norm : 1));
}

const arrays = { f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;

/** What the program has written: the results of one after another. */
function compare(all: readonly Judged[], written: Buffer): readonly string[] {
  let at = 0;
  const wrong = all.flatMap((judged, index) => {
    const { node, n, kernel } = judged;
    return expectedOf(judged).flatMap((expected, i) => {
      const { dtype, extent, shape } = node.outputs[i]!;
      const count = elements(shape) * (extent === "image" ? n : 1);
      const bytes = count * arrays[dtype].BYTES_PER_ELEMENT;
      const got = new arrays[dtype](Uint8Array.from(written.subarray(at, at + bytes)).buffer);
      at += bytes;
      const off = difference(got, expected);
      if (got.length === expected.length && off <= node.primitive.tolerance) return [];
      return [`${kernel.name} (case_${index}), result ${i}: off by ${off}`];
    });
  });
  expect(at).toBe(written.length);
  return wrong;
}

/** What is wrong with the kernels, all of them in one program. */
async function judge(all: readonly Judged[], march: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "incept-judged-"));
  try {
    const [input, output] = [join(folder, "input"), join(folder, "output")];
    const bytes = all.flatMap((judged) =>
      operandsOf(judged).map((value) => {
        const { buffer, byteLength } = judged.numbers.get(value)!;
        return Buffer.from(buffer, 0, byteLength);
      }),
    );
    await writeFile(input, Buffer.concat(bytes));
    const lines = await runNative(programOf(all, input, output), march);
    return [...lines.filter((line) => line !== ""), ...compare(all, await readFile(output))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe("training kernels compute what is defined", () => {
  for (const [family, cases] of Object.entries(families)) {
    for (const [index, march] of marches.entries()) {
      test(`${family}, -march=${march}`, { timeout: 600_000 }, async ({ skip }) => {
        const why = await unrunnable(march);
        skip(why !== undefined, why);
        const all = cases(new Random(40 + index)).flatMap((drawn) => judgedBy(drawn, march));
        expect(await judge(all, march)).toEqual([]);
      });
    }
  }
});
