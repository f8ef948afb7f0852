/** Writes docs/diagnostics.md from the catalogue. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { certainties } from "../src/diagnostics/certainty.js";
import { catalogue } from "../src/diagnostics/catalogue.js";

const page = new URL("diagnostics.md", import.meta.url);

const introduction = `# Diagnostics

What \`inceptc check\`, and every verb that reads a spec, may say about it. Each code has an anchor
of its own on this page. An error keeps the spec from being compiled. A warning does not, and a
comment on the row before silences it where it is meant so:

\`\`\`incept
// allow style/branch-kernel: torchvision's weights are called so
branch5x5: conv(3x3, 64)
\`\`\`

This page is written by \`npm run generate\` from src/diagnostics and docs/lessons.

## Fixes and suggestions

A change that would mend a finding is a _fix_ or a _suggestion_. \`check --fix\` writes fixes into the
spec, since they cannot change what it means:

${Object.values(certainties)
  .map((reason) => `- ${reason};`)
  .join("\n")
  .replace(/;$/, ".")}

Everything else is a suggestion: the nearest name, another operator, a padding, a number. It is shown
as \`help:\` and left for you to decide. \`check --json\` has both as edits, \`fixes\` with the reason
(\`because\`) and \`suggestions\`.`;

const areas: Readonly<Record<string, string>> = {
  syntax: "The text is not in the language.",
  name: "What a name stands for.",
  import: "What comes from other files.",
  args: "The arguments of operators, modules and models.",
  shape: "What flows from step to step does not fit.",
  model: "How a model is put together.",
  module: "How modules call each other.",
  stage: "Stages of a model.",
  labels: "The names of a model's classes.",
  train: "How a model is trained.",
  style: "Warnings: what compiles, and is probably not meant.",
};

/** The page as it should be. */
export async function diagnosticsPage(): Promise<string> {
  const codes = Object.keys(catalogue);
  const found = [...new Set(codes.map(areaOf))];
  const sections = found.map((area) => {
    const entries = codes.filter((code) => areaOf(code) === area).sort();
    return [`## ${area}`, areas[area] ?? "", ...entries.map(section)].join("\n\n");
  });
  const text = [introduction, ...sections].join("\n\n");
  return format(text, { ...(await resolveConfig("docs/diagnostics.md")), parser: "markdown" });
}

const areaOf = (code: string): string => code.split("/")[0] ?? code;

function section(code: string): string {
  const { severity, doc } = catalogue[code as keyof typeof catalogue];
  const anchor = `<a id="${code}"></a>`;
  const kind = severity === "warning" ? "Warning. " : "";
  return [`### ${anchor}${code}`, `${kind}${doc.cause}`, doc.mend, ...lesson(code)].join("\n\n");
}

/** What there is to learn behind a finding, where that is more than a sentence. */
function lesson(code: string): readonly string[] {
  const file = new URL(`lessons/${code}.md`, import.meta.url);
  return existsSync(file) ? [readFileSync(file, "utf8").trim()] : [];
}

export const writeDiagnosticsPage = async (): Promise<void> =>
  writeFileSync(page, await diagnosticsPage());
