import { parametersOf } from "../graph/graph.js";
import { comment } from "./cpp.js";
import { headers, sectionTitle } from "./forward.js";
import type { Names } from "./names.js";
import type { Project } from "./project.js";

/** What the template of prepare.cpp shows: weights are floats on the CPU, bytes on a GPU. */
export function prepareData(project: Project, names: Names): object {
  const { program, graph } = project;
  const calls = program.prepare.flatMap(({ steps }) => steps);
  const args = calls
    .flatMap((call) => call.args)
    .flatMap((arg) => (arg.kind === "rows" ? arg.rows.map(({ from }) => from) : [arg]));
  const uses = (kind: string): boolean => args.some((arg) => arg.kind === kind);
  const gpu = program.target !== "cpu";
  return {
    gpu,
    includes: [...headers(calls), gpu ? "cuda/network.hpp" : "cpu/network.hpp"],
    parameters: parametersOf(graph).map(({ name }) => names.parameters.of(name)),
    stagingFloats: program.stagingFloats,
    checks: program.checks.map(
      ({ size, layer, value }) => `static_assert(${size}(${names.layer(layer)}) == ${value});`,
    ),
    pointers: [
      `const float* const*${uses("parameter") ? " p" : ""}`,
      `float*${uses("staging") ? " s" : ""}`,
      `${gpu ? "std::byte" : "float"}*${uses("weights") ? " w" : ""}`,
    ].join(", "),
    sections: program.prepare.map((section) => ({
      title: comment(sectionTitle(project, section), "  "),
      calls: section.steps.map((call) => names.call(call)),
    })),
  };
}
