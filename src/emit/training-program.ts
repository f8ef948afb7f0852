import { isImage, channels, plane, elements } from "../ops/shape.js";
import type { StateUpdate, Watched } from "../targets/program.js";
import { printable, stringLiteral } from "./cpp.js";
import { sectionTitle } from "./forward.js";
import type { Names } from "./names.js";
import { portTable, trainPortTable } from "./ports.js";
import type { Project, Training } from "./project.js";

/** What a training program gives of a batch besides gradients, in the order of its first outputs. */
export const resultsOf = ({ graph }: Pick<Training, "graph">): readonly string[] =>
  graph.outputs.map(({ name }) => name).filter((name) => !name.startsWith(gradient));

const gradient = "gradient:";

/** What the template of program.cpp shows: ports, results, and tables of states and values. */
export function programData(project: Project, training: Training, names: Names): object {
  const { graph, program, parameters } = training;
  const results = resultsOf(training);
  const watched = program.watched.filter(({ place }) => inArena(place.type));
  const rows = {
    results: results.map((name) => `    ${stringLiteral(name)},`),
    gradients: parameters.map(
      (parameter) => `    ${gradientIndex(training, parameter)},  // ${printable(parameter.name)}`,
    ),
    updates: program.updates.map((update) => updateRow(update, names)),
    watched: watched.map((value) => watchedRow(project, value)),
  };
  return {
    tables: [
      trainPortTable("input", graph.inputs),
      portTable("parameter", parameters),
      ["const char* const results[] = {", ...rows.results, "};"],
      ["const std::int32_t gradients[] = {", ...rows.gradients, "};"],
      ...(rows.updates.length === 0
        ? []
        : [["const cpu::StateUpdate update_rows[] = {", ...rows.updates, "};"]]),
      ["const cpu::Watched watched_rows[] = {", ...rows.watched, "};"],
    ],
    counts: {
      inputs: graph.inputs.length,
      results: results.length,
      parameters: parameters.length,
      updates: rows.updates.length,
      watched: rows.watched.length,
    },
    imageBytes: program.arenaBytes,
    batchBytes: program.batchBytes,
    threadBytes: program.threadBytes,
    weightBytes: program.weightBytes,
  };
}

/** The output that is a parameter's gradient, or why there is none, as train.h says it. */
function gradientIndex(
  { graph }: Training,
  { name, kind }: Training["parameters"][number],
): number | string {
  if (kind === "state") return "INCEPT_STATE";
  const index = graph.outputs.findIndex((output) => output.name === `${gradient}${name}`);
  return index < 0 ? "INCEPT_NO_GRADIENT" : index;
}

const updateRow = ({ state, from, count }: StateUpdate, names: Names): string =>
  `    {parameter::${names.parameters.of(state)}, ${from.numbers[0]}, ${count}},`;

const inArena = (type: string): boolean => type === "ImageValue" || type === "BatchValue";

function watchedRow(project: Project, watched: Watched): string {
  const { level, value, place, blocked } = watched;
  const image = place.type === "ImageValue";
  const numbers = image ? place.numbers : [...place.numbers, 0, 0];
  const shape = isImage(value.shape)
    ? [channels(value.shape), plane(value.shape)[0] * plane(value.shape)[1]]
    : [elements(value.shape), 1];
  const cells = [
    stringLiteral(printable(sectionTitle(project, watched))),
    level,
    image ? "INCEPT_IMAGE" : "INCEPT_BATCH",
    ...numbers,
    ...shape,
    blocked,
  ];
  return `    {${cells.join(", ")}},`;
}
