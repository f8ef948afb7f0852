import { parametersOf } from "../graph/graph.js";
import type { SizeCheck } from "../targets/program.js";
import { columns, comment } from "./cpp.js";
import { headers, sectionTitle } from "./forward.js";
import type { Names } from "./names.js";
import type { Project } from "./project.js";

/** What the template of prepare.cpp shows: weights are floats on the CPU, bytes on a GPU. */
export function prepareData(project: Project, names: Names): object {
  const { program, graph } = project;
  const calls = program.prepare.flatMap(({ instructions }) => instructions);
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
    checks: program.checks.map((check) => assertion(names, check)),
    pointers: [
      `const float* const*${uses("parameter") ? " p" : ""}`,
      `float*${uses("staging") ? " s" : ""}`,
      `${gpu ? "std::byte" : "float"}*${uses("weights") ? " w" : ""}`,
    ].join(", "),
    sections: program.prepare.map((section) => ({
      title: comment(sectionTitle(project, section), "  "),
      calls: section.instructions.map((call) => names.call(call)),
    })),
  };
}

/** What a kernel's function says of a layer; a line that is too long as clang-format breaks it. */
function assertion(names: Names, { size, layer, value }: SizeCheck): string {
  const head = `static_assert(${size}(${names.layer(layer)})`;
  if (value === true) return `${head});`;
  const line = `${head} == ${value});`;
  return line.length <= columns ? line : `${head} ==\n              ${value});`;
}
