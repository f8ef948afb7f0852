import { parametersOf } from "../graph/graph.js";
import type { Program, SizeCheck, TrainingProgram } from "../targets/program.js";
import { columns, comment } from "./cpp.js";
import { headers, sectionTitle } from "./forward.js";
import type { Names } from "./names.js";
import type { Project } from "./project.js";

/** What weights are prepared for: a program and its graph. */
type Prepared = Pick<Project, "network" | "graph"> & {
  readonly program: Program | TrainingProgram;
};

/** Where the program stands that weights are prepared for. */
interface Home {
  readonly space: "network" | "training";
  /** Headers of its own. */
  readonly headers: readonly string[];
  /** The identifiers of its parameters, unless a header has them. */
  readonly parameters: readonly string[];
}

/** What the template of prepare.cpp shows: weights are floats on the CPU, bytes on a GPU. */
export function prepareData(
  project: Prepared,
  names: Names,
  { space, headers: own, parameters }: Home = inferenceHome(project, names),
): object {
  const { program } = project;
  const calls = program.prepare.flatMap(({ instructions }) => instructions);
  const args = calls
    .flatMap((call) => call.args)
    .flatMap((arg) => (arg.kind === "rows" ? arg.rows.map(({ from }) => from) : [arg]));
  const uses = (kind: string): boolean => args.some((arg) => arg.kind === kind);
  const checked = program.checks.flatMap(({ header }) => header ?? []);
  const gpu = program.target !== "cpu";
  return {
    gpu,
    space,
    includes: [...new Set([...headers(calls), ...checked, ...own])].sort(),
    parameters,
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

const inferenceHome = ({ program, graph }: Prepared, names: Names): Home => ({
  space: "network",
  headers: ["layers.hpp", program.target === "cpu" ? "cpu/network.hpp" : "cuda/network.hpp"],
  parameters: parametersOf(graph).map(({ name }) => names.parameters.of(name)),
});

/** What a kernel's function says of a layer; a line that is too long as clang-format breaks it. */
function assertion(names: Names, { size, layer, value }: SizeCheck): string {
  const head = `static_assert(${size}(${names.layer(layer)})`;
  if (value === true) return `${head});`;
  const line = `${head} == ${value});`;
  return line.length <= columns ? line : `${head} ==\n              ${value});`;
}
