import { comment } from "./cpp.js";
import { version } from "./package.js";
import { levelsOf, type Project, sha256, sourcePath } from "./project.js";

/** The comment that every emitted file opens with. */
export function bannerText(project: Project, title: string): string {
  const { network, program, precision, command } = project;
  const sources = network.sources.map(
    (source) => `  sha256 ${sha256(source.text)} ${sourcePath(network, source)}`,
  );
  return [
    `${network.name}: ${title}.`,
    "",
    `Written by inceptc ${version}; a change here is lost with the next build.`,
    `  ${command}`,
    `  target ${program.target} ${levelsOf(project)}, ${precision}`,
    ...sources,
  ]
    .map((line) => comment(line))
    .join("\n");
}
