import { parametersOf } from "../graph/graph.js";
import { comment, stringLiteral } from "./cpp.js";
import { forwardFile, headers, sectionTitle } from "./forward.js";
import { identifier } from "./identifiers.js";
import { layerTable, numbersTable } from "./layers.js";
import { Names, outputNames } from "./names.js";
import { version } from "./package.js";
import { cutIntoParts } from "./parts.js";
import { portTable } from "./ports.js";
import { type Project, sha256, sourcePath } from "./project.js";
import { renderTemplate } from "./templates.js";

export type ProjectKind = "addon" | "standalone";

/** The name of the binary, of the program and of the library: the model's, as an identifier. */
export const binaryName = ({ network }: Project): string => identifier(network.name);

/** The emitted files of a project by name; native/ stands beside them. */
export function renderProject(project: Project, kind: ProjectKind): ReadonlyMap<string, string> {
  const { program, graph } = project;
  const names = new Names(outputNames(graph.outputs.map(({ name }) => name)));
  const parts = cutIntoParts(program.run).map((items) => forwardFile(project, names, items));
  const files = new Map<string, string>();
  const render = (name: string, title: string, template: string, data: object): void => {
    const banner = bannerText(project, title);
    files.set(name, renderTemplate(template, { banner, ...data }));
  };

  render("layers.hpp", "the shapes of its layers", "cpu/layers.hpp", {
    layers: layerTable(program.layers, names),
    numbers: numbersTable(program.numbers, names),
  });
  render("forward.hpp", "the parts of an inference", "cpu/forward.hpp", { parts });
  for (const [i, part] of parts.entries()) {
    const title = `inference, part ${i + 1} of ${parts.length}: ${part.span}`;
    render(`forward_${i + 1}.cpp`, title, "cpu/forward.cpp", { number: i + 1, ...part });
  }
  const title = "from a checkpoint's parameters to prepared weights";
  render("prepare.cpp", title, "cpu/prepare.cpp", prepareData(project, names));
  render("network.cpp", "what it is called, takes and gives", "cpu/network.cpp", {
    ...networkData(project),
    parts,
  });
  const build = {
    sources: parts.map((_, i) => `forward_${i + 1}.cpp`),
    flags: program.flags,
    name: binaryName(project),
  };
  if (kind === "addon") {
    files.set("CMakeLists.txt", renderTemplate("project/CMakeLists.txt", build));
    files.set("binding.gyp", renderTemplate("project/binding.gyp", build));
    files.set("package.json", renderTemplate("project/package.json", build));
  } else files.set("CMakeLists.txt", renderTemplate("standalone/CMakeLists.txt", build));
  return files;
}

/** The comment that every emitted file opens with. */
function bannerText(project: Project, title: string): string {
  const { network, program, precision, command } = project;
  const sources = network.sources.map(
    (source) => `  sha256 ${sha256(source.text)} ${sourcePath(network, source)}`,
  );
  return [
    `${network.name}: ${title}.`,
    "",
    `Written by inceptc ${version}; a change here is lost with the next build.`,
    `  ${command}`,
    `  target ${program.target} ${program.level}, ${precision}`,
    ...sources,
  ]
    .map((line) => comment(line))
    .join("\n");
}

function prepareData(project: Project, names: Names): object {
  const { program, graph } = project;
  const calls = program.prepare.flatMap(({ steps }) => steps);
  const args = calls
    .flatMap((call) => call.args)
    .flatMap((arg) => (arg.kind === "rows" ? arg.rows.map(({ from }) => from) : [arg]));
  const uses = (kind: string): boolean => args.some((arg) => arg.kind === kind);
  return {
    includes: headers(calls),
    parameters: parametersOf(graph).map(({ name }) => names.parameters.of(name)),
    stagingFloats: program.stagingFloats,
    checks: program.checks.map(
      ({ size, layer, value }) => `static_assert(${size}(${names.layer(layer)}) == ${value});`,
    ),
    pointers: [
      `const float* const*${uses("parameter") ? " p" : ""}`,
      `float*${uses("staging") ? " s" : ""}`,
      `float*${uses("weights") ? " w" : ""}`,
    ].join(", "),
    sections: program.prepare.map((section) => ({
      title: comment(sectionTitle(project, section), "  "),
      calls: section.steps.map((call) => names.call(call, false)),
    })),
  };
}

const levelNames: Readonly<Record<string, string>> = {
  avx512: "kAvx512",
  avx2: "kAvx2",
  neon: "kNeon",
  baseline: "kBaseline",
};

function networkData(project: Project): object {
  const { program, graph, maxBatch, network } = project;
  const outputs = graph.outputs.map(({ name, value }) => ({ name, shape: value.shape }));
  const parameters = parametersOf(graph);
  return {
    model: stringLiteral(network.name),
    target: stringLiteral(`${program.target} ${program.level}`),
    level: levelNames[program.level]!,
    maxBatch,
    inputs: portTable("input", [graph.input]),
    outputs: portTable("output", outputs),
    parameters: parameters.length === 0 ? [] : portTable("parameter", parameters),
    counts: [1, outputs.length, parameters.length],
    arenaBytes: program.arenaBytes,
    weightBytes: 4 * program.weightFloats,
  };
}
