import { exportOnnx } from "../../src/onnx/export.js";
import { primitives } from "../../src/ops/registry.js";
import { elements } from "../../src/ops/shape.js";
import { caseName, drawCases, selection, specOf } from "../../test/judges/operators/cases.js";
import type { Way } from "../../test/judges/operators/ways.js";
import { relativeL2 } from "../../test/support/compare.js";
import { graphOf, networkOf, randomWeights } from "../../test/support/network.js";
import { OnnxModel } from "../../test/support/onnxruntime.js";
import { QuickBuilder } from "../../test/support/quick-build.js";
import { Random } from "../../test/support/random.js";

const batch = 2;

/** A row a call and way: its difference to ONNX Runtime beside what it may be. Sets the exit code. */
export async function judgeOperator(
  name: string,
  { ways, seed, count }: { ways: readonly Way[]; seed: number; count: number },
): Promise<readonly string[]> {
  const random = new Random(seed);
  const cases = drawCases(random, name, count);
  const graph = graphOf(specOf(cases));
  const weights = randomWeights(graph, seed);
  for (const each of weights.keys()) weights.set(each, selection(each) ?? weights.get(each)!);
  const x = random.floats(batch * elements(graph.inputs[0]!.shape), -2, 2);
  const onnx = await OnnxModel.open(graph, exportOnnx(graph, weights));
  const expected = await onnx.run(x, batch);
  await onnx.close();
  using builder = new QuickBuilder();
  const rows: string[] = [];
  for (const { title, tolerance: common, ...variant } of ways) {
    const compiled = await builder.build(networkOf(specOf(cases)), variant);
    const actual = await compiled.run(x, weights);
    for (const [i, { call, from, primitive }] of cases.entries()) {
      const allowed = common ?? primitives.get(primitive)!.tolerance;
      const output = caseName(cases, i);
      const difference = relativeL2(actual.get(output)!, expected.get(output)!);
      const ok = difference <= allowed;
      if (!ok) process.exitCode = 1;
      const shape = `${from.channels} x ${from.plane.join("x")}`;
      const numbers = `${difference.toExponential(1)} of ${allowed.toExponential(1)}`;
      rows.push(`${ok ? "✔" : "✖"} ${title}  ${numbers}  ${call} of ${shape}`);
    }
  }
  return rows;
}
