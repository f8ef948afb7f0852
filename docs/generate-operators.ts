/** Writes the parts of docs/language.md that the code knows: joins, operators, fields of `train`. */
import { readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { joins } from "../src/ops/joins/joins.js";
import type { Operator } from "../src/ops/operator.js";
import { operators } from "../src/ops/registry.js";
import type { Argument, Signature } from "../src/ops/signature.js";
import { type Preset, presets } from "../src/model/settings/image-presets.js";
import { trainSignature } from "../src/model/settings/train-tables.js";

const page = new URL("language.md", import.meta.url);

/** The page as it should be; `language.md` is stale where it differs. */
export async function languagePage(): Promise<string> {
  const sections = [...operators.values()].map(section).join("\n\n");
  const rows = [...joins.values()].map(({ name, doc }) => `- **\`${name}\`**: ${doc}`).join("\n");
  const whole = [
    { part: "operators", written: sections },
    { part: "joins", written: rows },
    { part: "train", written: trainTables() },
    { part: "presets", written: presetTable() },
  ].reduce(withPart, readFileSync(page, "utf8"));
  return format(whole, { ...(await resolveConfig("docs/language.md")), parser: "markdown" });
}

/** Puts a text between the marks of its part. */
function withPart(text: string, { part, written }: { part: string; written: string }): string {
  const [begin, end] = [`<!-- ${part}:begin -->`, `<!-- ${part}:end -->`];
  const from = text.indexOf(begin) + begin.length;
  return `${text.slice(0, from)}\n\n${written}\n\n${text.slice(text.indexOf(end))}`;
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

/** What each preset of `image(…)` says, of which weights, and who says so. */
function presetTable(): string {
  const rows = Object.entries<Preset>(presets).map(([name, { image, side, serves, source }]) => {
    const said = Object.entries(image).map(
      ([argument, value]) => `${argument}: ${typeof value === "object" ? listed(value) : value}`,
    );
    const most = image.resize === undefined ? "any" : `to ${image.resize}x${image.resize}`;
    const input = side === undefined ? most : `${side}x${side}`;
    return `| \`${name}\` | ${serves} | ${input} | \`${said.join(", ")}\` | ${source} |`;
  });
  const head = ["| preset | weights | input | says | as in |", "| --- | --- | --- | --- | --- |"];
  return [...head, ...rows].join("\n");
}

const listed = (values: readonly number[]): string =>
  values.length === 1 ? `${values[0]}` : `[${values.join(", ")}]`;

/** The fields, and a table for those that take calls with arguments. */
function trainTables(): string {
  const fields = [...trainSignature.args];
  const rows = fields.map(([name, arg]) => `| \`${name}\` | ${defaultOf(arg)} | ${arg.doc} |`);
  const own = ["| field | default | |", "| --- | --- | --- |", ...rows].join("\n");
  const called = fields.flatMap(([name, arg]) => callTable(name, arg));
  return [own, ...called].join("\n\n");
}

function callTable(field: string, { kind }: Argument): readonly string[] {
  const calls = kind.calls ?? kind.item?.calls;
  if (calls === undefined) return [];
  const rows = Object.entries(calls).flatMap(([name, call]) => callRows(name, call));
  return [
    [`| \`${field}\` | argument | default | |`, "| --- | --- | --- | --- |", ...rows].join("\n"),
  ];
}

function callRows(name: string, { args }: Signature<unknown>): readonly string[] {
  const all = [...args].map(
    ([argument, arg]) =>
      `\`${argument}\`${arg.positional ? "" : ":"} | ${defaultOf(arg)} | ${arg.doc} |`,
  );
  const rows = all.length === 0 ? [" | | |"] : all;
  return rows.map((row, i) => `| ${i === 0 ? `\`${name}\`` : ""} | ${row}`);
}

const defaultOf = (arg: { required: boolean; shownDefault: string }): string =>
  arg.required ? "required" : arg.shownDefault === "" ? "" : `\`${arg.shownDefault}\``;

export const writeLanguagePage = async (): Promise<void> =>
  writeFileSync(page, await languagePage());
