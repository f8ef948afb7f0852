/** The project that times ways to compute layers: each a function, beside native/tuning/main.cpp. */
import type { Network } from "../model/network.js";
import type { CandidateProgram } from "../targets/cpu/candidate.js";
import { comment } from "./cpp.js";
import { levelNames } from "./cpu-files.js";
import { forwardFile } from "./forward.js";
import { layerTable, numbersTable } from "./layers.js";
import { Names } from "./names.js";
import { renderTemplate } from "./templates.js";

/** A way with its program, and what a reader of the code is told of it. */
export interface EmittedCandidate {
  readonly title: string;
  readonly program: CandidateProgram;
}

/** As many files as this, for compilers that work side by side; fewer where there is less to do. */
const mostFiles = 16;
const perFile = 6;

/** The emitted files by name; native/ stands beside them. */
export function tuningFiles(
  network: Network,
  candidates: readonly EmittedCandidate[],
): ReadonlyMap<string, string> {
  const all = candidates.map((each, index) => candidateData(network, each, index));
  const count = Math.min(mostFiles, Math.ceil(all.length / perFile));
  // Neighbours are ways of one layer and take a compiler alike: each file gets every count-th.
  const parts = Array.from({ length: count }, (_, i) => all.filter((_, k) => k % count === i));
  const { level, flags } = candidates[0]!.program.program;
  const sources = parts.map((_, i) => `candidates_${i + 1}.cpp`);
  return new Map([
    ["candidates.cpp", render("candidates.cpp", { level: levelNames[level]!, candidates: all })],
    ...parts.map((own, i): [string, string] => {
      const includes = [...new Set(own.flatMap((each) => each.includes))].sort();
      return [sources[i]!, render("part.cpp", { includes, candidates: own })];
    }),
    ["CMakeLists.txt", render("CMakeLists.txt", { sources, flags })],
    ["package.json", renderTemplate("project/package.json", {})],
  ]);
}

const render = (name: string, data: object): string => renderTemplate(`tuning/${name}`, data);

function candidateData(
  network: Network,
  { title, program: made }: EmittedCandidate,
  index: number,
) {
  const { plan, program, inputs } = made;
  const names = new Names(plan.graph);
  const { includes, locals, body } = forwardFile(
    { network, graph: plan.graph },
    names,
    program.run,
  );
  return {
    ...{ index, includes, locals, body, inputs },
    title: comment(title),
    layers: layerTable(program.layers, names),
    numbers: numbersTable(program.numbers, names),
    arena: plan.arenaBytes / 4,
    weights: plan.weightBytes / 4,
  };
}
