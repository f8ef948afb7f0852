import { type Graph, parametersOf } from "../graph/graph.js";
import type {
  Argument,
  PrepareSection,
  Program,
  SizeCheck,
  TrainingProgram,
} from "../targets/program.js";
import { chains } from "./chains.js";
import { columns, comment } from "./cpp.js";
import { addressed, headers, sectionTitle } from "./forward.js";
import type { Names } from "./names.js";
import type { Project } from "./project.js";

/** What weights are prepared for: a program and its graph. */
type Prepared = Pick<Project, "network" | "graph"> & {
  readonly program: Program | TrainingProgram;
};

/** Where the program stands that weights are prepared for. */
interface Home {
  readonly space: string;
  /** Headers of its own. */
  readonly headers: readonly string[];
  /** The identifiers of its parameters, unless a header has them. */
  readonly parameters: readonly string[];
  /**
   * `apart`: a table of functions that may run side by side, and another file says how much scratch
   * each takes. Default: one function.
   */
  readonly side?: "apart";
}

/** What the template of prepare.cpp shows: weights are floats on the CPU, bytes on a GPU. */
export function prepareData(
  project: Prepared,
  names: Names,
  { space, headers: own, parameters, side }: Home,
): object {
  const { program } = project;
  const calls = program.prepare.flatMap(({ instructions }) => instructions);
  const checked = program.checks.flatMap(({ header }) => header ?? []);
  const gpu = program.target !== "cpu";
  return {
    gpu,
    space,
    includes: [...new Set([...headers(calls), ...checked, ...own])].sort(),
    parameters,
    table: side === "apart",
    ...(side === "apart" ? {} : { stagingFloats: program.stagingFloats }),
    checks: program.checks.map((check) => assertion(names, check)),
    functions:
      side === "apart"
        ? chains(program.prepare).map((chain, i) => prepareFunction(`prepare_${i + 1}`, chain))
        : [prepareFunction("prepare", program.prepare)],
  };

  function prepareFunction(name: string, sections: readonly PrepareSection[]): object {
    return {
      name,
      pointers: pointersOf(sections, gpu ? "std::byte" : "float"),
      reads: tensorsOf(sections).map(names.parameter),
      sections: sections.map((section) => ({
        title: comment(sectionTitle(project, section), "  "),
        calls: section.instructions.map((call) => names.call(call)),
      })),
    };
  }
}

const argumentsOf = (sections: readonly PrepareSection[]): readonly Argument[] =>
  sections
    .flatMap(({ instructions }) => instructions)
    .flatMap((call) => call.args)
    .flatMap((arg) => (arg.kind === "rows" ? arg.rows.map(({ from }) => from) : [arg]))
    .map(addressed);

/** The names of the checkpoint's tensors that are read, each once. */
const tensorsOf = (sections: readonly PrepareSection[]): readonly string[] => [
  ...new Set(argumentsOf(sections).flatMap((arg) => (arg.kind === "parameter" ? arg.name : []))),
];

/** The parameters of a function, without the names of those that it has no use for. */
function pointersOf(sections: readonly PrepareSection[], weight: string): string {
  const args = argumentsOf(sections);
  const uses = (kind: string): boolean => args.some((arg) => arg.kind === kind);
  return [
    `const float* const*${uses("parameter") ? " p" : ""}`,
    `float*${uses("staging") ? " s" : ""}`,
    `${weight}*${uses("weights") ? " w" : ""}`,
  ].join(", ");
}

/** @param order the names of the parameters in the order of `incept_info.parameters` */
export const parameterNames = (order: Graph, names: Names): readonly string[] =>
  parametersOf(order).map(({ name }) => names.parameters.of(name));

/** What a kernel's function says of a layer; a line that is too long as clang-format breaks it. */
function assertion(names: Names, { size, layer, value }: SizeCheck): string {
  const head = `static_assert(${size}(${names.layer(layer)})`;
  if (value === true) return `${head});`;
  const line = `${head} == ${value});`;
  return line.length <= columns ? line : `${head} ==\n              ${value});`;
}
