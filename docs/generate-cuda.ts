/** Writes the parts of docs/cuda.md that show one Inception module on its way to a GPU. */
import { readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { projectOf } from "../src/build/project/project.js";
import { variantOf } from "../src/build/choose/variant.js";
import type { Project } from "../src/emit/project.js";
import { renderProject } from "../src/emit/render.js";
import { buildGraph } from "../src/graph/build.js";
import { printNode } from "../src/graph/print.js";
import { checkFile } from "../src/model/check-file.js";
import { channels } from "../src/ops/shape.js";
import { stripesOf } from "../src/targets/stripes.js";
import type { CudaProgram, Stripe } from "../src/targets/program.js";

const page = new URL("cuda.md", import.meta.url);
const spec = "examples/googlenet/googlenet.incept";
const stage = "inception_3a";

/** The page as it should be; `cuda.md` is stale where it differs. */
export async function cudaPage(): Promise<string> {
  const project = googlenet();
  const blocks: Readonly<Record<string, string>> = {
    written: code("", writtenGraph(project)),
    passed: code("", graphText(project.graph.nodes)),
    buffer: code("", buffer(project.program as CudaProgram)),
    values: code("cpp", linesWith(project, "values.hpp")),
    tasks: code("cpp", tasksText(project)),
  };
  let text = readFileSync(page, "utf8");
  for (const [name, block] of Object.entries(blocks)) {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
    text = `${text.slice(0, from)}\n\n${block}\n\n${text.slice(to)}`;
  }
  return format(text, { ...(await resolveConfig("docs/cuda.md")), parser: "markdown" });
}

function googlenet(): Project {
  const { network } = checkFile(spec);
  const request = { spec, network: network!, target: "cuda", precision: "f16" } as const;
  return projectOf(request, variantOf(request));
}

const code = (language: string, text: string): string =>
  ["```" + language, text.trimEnd(), "```"].join("\n");

type Nodes = Project["graph"]["nodes"];

/** The module's nodes without their weights: what reads what. */
const graphText = (nodes: Nodes): string =>
  nodes
    .filter(({ origin }) => origin.paths.some((path) => path.split(".")[0] === stage))
    .map((node) => printNode(node).replace(/\) weight .*$/, ")"))
    .join("\n");

const writtenGraph = ({ network }: Project): string => graphText(buildGraph(network).nodes);

/** The buffer that the module's values share, a row a value, its channels drawn to scale. */
function buffer(program: CudaProgram): string {
  const stripes = program.run
    .flatMap(({ instructions }) => instructions)
    .flatMap(stripesOf)
    .filter(({ path, shape, pitch }) => path.startsWith(stage) && channels(shape) < pitch);
  const unique = [...new Map(stripes.map((stripe) => [stripe.path, stripe])).values()];
  const width = 46;
  const scale = (channel: number, { pitch }: Stripe): number =>
    Math.round((channel / pitch) * width);
  const rows = [...unique].sort((a, b) => a.channel - b.channel || b.shape[0]! - a.shape[0]!);
  return rows
    .map((stripe) => {
      const [from, to] = [
        scale(stripe.channel, stripe),
        scale(stripe.channel + channels(stripe.shape), stripe),
      ];
      const bar = " ".repeat(from) + "█".repeat(Math.max(1, to - from));
      const name = stripe.path.padEnd(21);
      return `${name} ${bar.padEnd(width)} ${stripe.channel}..${stripe.channel + channels(stripe.shape)}`;
    })
    .join("\n");
}

const linesWith = (project: Project, file: string): string =>
  renderProject(project, "addon")
    .get(file)!
    .split("\n")
    .filter((line) => new RegExp(`^inline constexpr \\w+ ${stage}`).test(line))
    .map((line) => line.replace(/ {2,}/g, " "))
    .join("\n");

/** The module's tasks out of whichever files hold them. */
const tasksText = (project: Project): string =>
  [...renderProject(project, "addon")]
    .filter(([name]) => name.endsWith(".cu"))
    .flatMap(([, text]) => text.split("\n\n"))
    .filter((block) => block.trimStart().startsWith(`// ${stage}`) && block.includes("g.task"))
    .map((block) => block.replace(/\n}\s*$/, "").replace(/^ {2}/gm, ""))
    .join("\n\n");

export const writeCudaPage = async (): Promise<void> => writeFileSync(page, await cudaPage());
