import type { Value } from "../graph/value.js";
import type { DType } from "../ops/primitive.js";
import { elements } from "../ops/shape.js";
import type { Argument, Call, RunSection } from "../targets/program.js";
import { comment, printable } from "./cpp.js";
import type { Names } from "./names.js";
import { isBarrier, type RunItem } from "./parts.js";
import { placeText, type Project } from "./project.js";

/** One file of the run program, ready for its template. */
export interface ForwardFile {
  /** `conv_1 to inception_3a` */
  readonly span: string;
  /** Headers below native/, sorted. */
  readonly includes: readonly string[];
  readonly usesConstants: boolean;
  /** Declarations of the pointers that the calls use. */
  readonly locals: readonly string[];
  /** Sections and barriers as text, a blank line before each section. */
  readonly body: string;
}

export function forwardFile(
  project: Pick<Project, "network" | "graph">,
  names: Names,
  items: readonly RunItem[],
): ForwardFile {
  const sections = items.filter((item): item is RunSection => !isBarrier(item));
  const calls = sections
    .flatMap(({ instructions }) => instructions)
    .filter((instruction) => instruction.kind === "call");
  const args = calls.flatMap((call) => call.args).map(addressed);
  return {
    span: spanOf(sections),
    includes: headers(calls),
    usesConstants: args.some(({ kind }) => kind === "numbers"),
    locals: locals(project, names, args),
    body: items.map((item) => itemText(project, names, item)).join("\n"),
  };
}

/** What an argument is made of, where it is of something else. */
export const addressed = (arg: Argument): Argument =>
  arg.kind === "images" || arg.kind === "bf16" ? addressed(arg.of) : arg;

/** `conv_1 to inception_3a`: the stages that a file computes. */
export function spanOf(sections: readonly { readonly paths: readonly string[] }[]): string {
  const stages = sections.map(({ paths }) => stageOf(paths));
  const [first, last] = [stages[0] ?? "", stages.at(-1) ?? ""];
  return printable(first === last ? first : `${first} to ${last}`).slice(0, 60);
}

/** The headers of the calls, each once, in the order clang-format sorts them. */
export const headers = (calls: readonly Call[]): readonly string[] =>
  [...new Set(calls.map(({ header }) => header))].sort();

export const stageOf = (paths: readonly string[]): string => paths[0]!.split(".")[0]!;

function itemText(project: Pick<Project, "network">, names: Names, item: RunItem): string {
  if (isBarrier(item)) return "  t.barrier();";
  const calls = item.instructions.map((instruction) =>
    instruction.kind === "barrier" ? "  t.barrier();" : names.call(instruction, ["t"]),
  );
  return ["", comment(sectionTitle(project, item), "  "), ...calls].join("\n");
}

/** `inception_3a.b3.1: conv 3x3 128 pad 1 relu (googlenet.incept:31:20)` */
export function sectionTitle(
  { network }: Pick<Project, "network">,
  { paths, what, origin }: Pick<RunSection, "paths" | "what" | "origin">,
): string {
  const place = origin === undefined ? "" : ` (${placeText(network, origin.span)})`;
  const title = `${joined(paths)}: ${what}`;
  // The place is worth more than the end of a long title.
  return title.length + place.length > 92
    ? `${title.slice(0, 88 - place.length)}...${place}`
    : `${title}${place}`;
}

/** `inception_3a.b1 + .b3.0 + .b5.0`: the stage once. */
function joined(paths: readonly string[]): string {
  const stage = stageOf(paths);
  return paths
    .map((path, i) => (i > 0 && path.startsWith(`${stage}.`) ? path.slice(stage.length) : path))
    .join(" + ");
}

/** What numbers are in C++. */
export const types: Readonly<Record<DType, string>> = {
  f32: "float",
  i32: "std::int32_t",
  u8: "std::uint8_t",
};

function locals(
  project: Pick<Project, "graph">,
  names: Names,
  args: readonly Argument[],
): readonly string[] {
  const { graph } = project;
  const uses = (kind: string): boolean => args.some((arg) => arg.kind === kind);
  const inputs = new Set(args.flatMap((arg) => (arg.kind === "input" ? [arg.index] : [])));
  const outputs = new Set(args.flatMap((arg) => (arg.kind === "output" ? [arg.index] : [])));
  const place = (index: number, { shape }: Value): string => `${index}, ${elements(shape)}`;
  return [
    ...[...inputs]
      .sort((a, b) => a - b)
      .map((index) => {
        const at = place(index, graph.inputs[index]!);
        const type = types[graph.inputs[index]!.dtype];
        return `const ${type}* const ${names.input(index)} = run.input<${type}>(${at});`;
      }),
    ...[...outputs]
      .sort((a, b) => a - b)
      .map((index) => {
        const at = place(index, graph.outputs[index]!.value);
        const type = types[graph.outputs[index]!.value.dtype];
        return `${type}* const ${names.output(index)} = run.output<${type}>(${at});`;
      }),
    ...(uses("arena") ? ["float* const a = run.arena;"] : []),
    ...(uses("weights") ? ["const float* const w = run.weights;"] : []),
  ];
}
