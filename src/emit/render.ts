import { bannerText } from "./banner.js";
import { cpuFiles } from "./cpu-files.js";
import { cudaFiles } from "./cuda-files.js";
import { identifier } from "./identifiers.js";
import type { Project } from "./project.js";
import { readmeData } from "./readme.js";
import { trainingFiles } from "./training-files.js";
import type { ProgramParts } from "../targets/program.js";
import { renderTemplate } from "./templates.js";

export type ProjectKind = "addon" | "standalone";

/** The name of the binary, of the program and of the library: the model's, as an identifier. */
export const binaryName = ({ network }: Pick<Project, "network">): string =>
  identifier(network.name);

/** The emitted files of a project by name; native/ stands beside them. */
export function renderProject(project: Project, kind: ProjectKind): ReadonlyMap<string, string> {
  const { program, lesser = [] } = project;
  const folderOf = ({ level }: ProgramParts): string => (lesser.length === 0 ? "" : `${level}/`);
  const emitted = [
    ...(program.target === "cpu" ? cpuFiles(project, program) : cudaFiles(project, program)),
    ...(project.training === undefined ? [] : trainingFiles(project, project.training)),
  ];
  const files = new Map<string, string>();
  for (const { name, title, template, data } of emitted) {
    const banner = bannerText(project, title);
    files.set(name, renderTemplate(template, { banner, ...data }));
  }
  const build = {
    kind,
    train: project.training !== undefined,
    timed: program.target === "cpu" && program.timed,
    // Lesser instruction sets first: of two copies of a function the linker keeps the earlier one.
    kernels: [program, ...lesser.map((each) => each.program)].reverse().map((each) => ({
      level: each.level,
      flags: each.flags,
      prepare: `${folderOf(each)}prepare.cpp`,
      sources: [...files.keys()].filter((name) => isKernelFile(name, folderOf(each))),
    })),
    name: binaryName(project),
    ...(program.target === "cpu" ? {} : gpuBuild(program.target, program.architectures)),
  };
  const add = (name: string, template: string): void =>
    void files.set(name, renderTemplate(template, build));
  if (program.target !== "cpu") add("CMakeLists.txt", "cuda/CMakeLists.txt");
  else add("CMakeLists.txt", `${kind === "addon" ? "project" : kind}/CMakeLists.txt`);
  if (kind === "addon") {
    if (program.target === "cpu") add("binding.gyp", "project/binding.gyp");
    add("package.json", "project/package.json");
  } else files.set("README.md", renderTemplate("standalone/README.md", readmeData(project)));
  return files;
}

/** Whether a file's code is of the kernels, which are compiled for an instruction set. */
const isKernelFile = (name: string, folder: string): boolean =>
  name.startsWith(folder) && /^(forward|training\/run)_\d+\./.test(name.slice(folder.length));

/** Machine code for each architecture, and PTX of the last, from which later ones are compiled. */
const gpuBuild = (target: string, architectures: readonly number[]): object => ({
  sim: target === "cuda-sim",
  architectures: architectures
    .map((number, i) => (i === architectures.length - 1 ? `${number}` : `${number}-real`))
    .join(";"),
});
