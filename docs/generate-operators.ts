/** Writes the operators' part of docs/language.md from the argument tables in src/ops. */
import { readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import type { Operator } from "../src/ops/operator.js";
import { operators } from "../src/ops/registry.js";

const page = new URL("language.md", import.meta.url);
const begin = "<!-- operators:begin -->";
const end = "<!-- operators:end -->";

/** The page as it should be; `language.md` is stale where it differs. */
export async function languagePage(): Promise<string> {
  const text = readFileSync(page, "utf8");
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  const sections = [...operators.values()].map(section).join("\n\n");
  const whole = `${text.slice(0, from)}\n\n${sections}\n\n${text.slice(to)}`;
  return format(whole, { ...(await resolveConfig("docs/language.md")), parser: "markdown" });
}

function section(operator: Operator): string {
  const args = [...operator.signature.args];
  if (args.length === 0) return `### ${operator.name}\n\n${operator.doc}`;
  const rows = args.map(
    ([name, arg]) => `| \`${name}\`${arg.positional ? "" : ":"} | ${defaultOf(arg)} | ${arg.doc} |`,
  );
  const table = ["| argument | default | |", "| --- | --- | --- |", ...rows].join("\n");
  return `### ${operator.name}\n\n${operator.doc}\n\n${table}`;
}

const defaultOf = (arg: { required: boolean; shownDefault: string }): string =>
  arg.required ? "required" : arg.shownDefault === "" ? "" : `\`${arg.shownDefault}\``;

export const writeLanguagePage = async (): Promise<void> =>
  writeFileSync(page, await languagePage());
