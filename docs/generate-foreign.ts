/** Writes docs/other-frameworks.md from the table of operators that are called otherwise elsewhere. */
import { writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { foreignOperators, type Foreign } from "../src/ops/foreign/table.js";
import { foreignWords } from "../src/ops/foreign/words.js";

const page = new URL("other-frameworks.md", import.meta.url);

const introduction = `# From other frameworks

What operators of PyTorch, Keras, TensorFlow, ONNX and Caffe are here, and which are not supported.
Names are compared without capitals and underscores: \`Conv2D\`, \`conv_2d\` and \`conv2d\` are one. A
module of the spec that has such a name is that module.

Nothing is ever written in their place unasked, also not by \`check --fix\`: an operator that only
resembles one computes other numbers from the same weights.

This page is written by \`npm run generate\` from src/ops/foreign.`;

/** The page as it should be. */
export async function foreignPage(): Promise<string> {
  const equal = foreignOperators.filter(({ write }) => write !== undefined);
  const none = foreignOperators.filter(({ write }) => write === undefined);
  const text = [
    introduction,
    "## What is written otherwise",
    "`N` stands for a number of channels, `HxW` for the size of the whole image.",
    table(
      ["elsewhere", "here", ""],
      equal.map(({ names, write, note = "" }) => [code(names), `\`${write}\``, note]),
    ),
    "## What is not supported",
    table(
      ["elsewhere", "what to know"],
      none.map(({ names, note = "" }: Foreign) => [code(names), note]),
    ),
    "## Words of arguments",
    table(
      ["", "elsewhere", "here", ""],
      foreignWords.map(({ what, names, write, note = "" }) => [
        what,
        code(names),
        write === undefined ? "not supported" : `\`${write}\``,
        note,
      ]),
    ),
  ].join("\n\n");
  return format(text, { ...(await resolveConfig("docs/language.md")), parser: "markdown" });
}

const code = (names: string): string =>
  names
    .split(/\s+/)
    .map((name) => `\`${name}\``)
    .join(", ");

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

export const writeForeignPage = async (): Promise<void> => writeFileSync(page, await foreignPage());
