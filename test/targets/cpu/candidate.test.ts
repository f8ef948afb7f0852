import { expect, test } from "vitest";
import { tunable } from "../../../src/build/tune/tune.js";
import { wayName } from "../../../src/kernels/forced.js";
import { runNodes } from "../../../src/graph/graph.js";
import { elements } from "../../../src/ops/shape.js";
import { candidateProgram } from "../../../src/targets/cpu/candidate.js";
import type { CpuLevel } from "../../../src/targets/cpu/level.js";
import { checkFile } from "../../../src/model/check-file.js";
import { builtExamples, exampleSpec, judgedAsSpecs } from "../../support/examples.js";

const levels: readonly CpuLevel[] = ["avx512", "avx2", "baseline", "neon"];
const made = [
  ...levels.map((level) => ({ level, precision: "f32" }) as const),
  { level: "amx", precision: "bf16" },
  { level: "avx2", precision: "bf16" },
] as const;

test.each(
  [...builtExamples, ...judgedAsSpecs].flatMap((name) => made.map((each) => ({ name, ...each }))),
)("each way to compute a layer of $name is a program, $level $precision", (options) => {
  const { name, level, precision } = options;
  const spec = exampleSpec(name);
  const network = checkFile(spec, {}).network!;
  const { layers } = tunable({ spec, network, target: "cpu", precision }, level, 1);
  for (const { node, ways } of layers) {
    for (const way of ways) {
      const { plan, program, choice, inputs } = candidateProgram(node, way, options);
      const [only, ...others] = runNodes(plan.graph);
      expect(others).toEqual([]);
      const chosen = choice(only!);
      expect(wayName(chosen.kernel, chosen.tuning)).toBe(wayName(way.kernel, way.tuning));
      expect(chosen.cost).toBe(way.cost);
      const calls = program.run.flatMap((item) => ("kind" in item ? [] : item.instructions));
      expect(calls.length).toBeGreaterThan(0);
      // Nothing is stored for a caller, and nobody has to prepare what it reads.
      expect(JSON.stringify(calls)).not.toMatch(/"kind":"(output|parameter)"/);
      for (const [i, { shape }] of plan.graph.inputs.entries()) {
        const least = elements(shape) / (precision === "bf16" ? 2 : 1);
        expect(inputs[i]).toBeGreaterThanOrEqual(least);
      }
    }
  }
});
