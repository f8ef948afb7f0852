/** All of it as the text of a file. */
import { format } from "../../syntax/print/format.js";
import type { Shape } from "../../ops/shape.js";
import type { Defaults } from "./defaults.js";
import { chainText } from "./layout.js";
import type { Member, Source } from "./members.js";
import { argsText } from "./text.js";
import type { Module } from "./tree.js";

export interface Spec {
  readonly comment: readonly string[];
  readonly defaults: Defaults;
  readonly modules: readonly Module[];
  readonly name: string;
  readonly classes: number | undefined;
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly members: readonly Member[];
  /** Where branches begin that say so, by value. */
  readonly sources: ReadonlyMap<number, Source>;
}

export function specText(spec: Spec): string {
  const { comment, defaults, modules, name, classes, inputs } = spec;
  const parameter = classes === undefined ? "" : `(classes = ${classes})`;
  const blocks = [
    comment.map((row) => `// ${row.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")}`.trimEnd()),
    defaultRows(defaults),
    ...modules.map(moduleRows),
    [
      `model ${name}${parameter} {`,
      ...inputs.map((input) => `input ${input.name}: f32[${input.shape.join(", ")}]`),
      "",
      ...memberRows(spec),
      "}",
    ],
  ];
  return format(
    blocks
      .filter(({ length }) => length > 0)
      .map((rows) => rows.join("\n"))
      .join("\n\n") + "\n",
  );
}

/** Each reads the stage before it, or says what it reads. */
function memberRows({ members, inputs, sources }: Spec): readonly string[] {
  const nameOf = (source: Source): string =>
    "input" in source ? inputs[source.input]!.name : source.stage.name;
  const opening = (item: number): string => nameOf(sources.get(item)!);
  let current = inputs[0]!.name;
  return members.map(({ kind, name, source, chain }) => {
    const start = nameOf(source);
    const from = start === current ? "" : `from ${start} -> `;
    if (kind === "stage") current = name;
    return `${kind === "output" ? "output " : ""}${name}: ${from}${chainText(chain, opening)}`;
  });
}

function moduleRows({ name, params, body }: Module): readonly string[] {
  const head = params.length === 0 ? name : `${name}(${params.join(", ")})`;
  return [`module ${head} {`, chainText(body, String), "}"];
}

function defaultRows(defaults: Defaults): readonly string[] {
  const entries = [...defaults].map(
    ([name, args]) => `${name} { ${argsText(name, args).join(", ")} }`,
  );
  if (entries.length <= 1) return entries.map((entry) => `defaults { ${entry} }`);
  return ["defaults {", ...entries, "}"];
}
