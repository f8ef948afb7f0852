import { basename, join, parse } from "node:path";
import { visible } from "../diagnostics/visible.js";
import type { Network, Setting } from "../model/network.js";
import type { Shape } from "../ops/shape.js";
import { renderTemplate } from "./templates.js";

/** Checks the network's spec again with other values of its parameters; undefined if it fails. */
export type Recheck = (settings: Readonly<Record<string, Setting>>) => Network | undefined;

/** The file that TypeScript reads for `import net from "./foo.incept"`: `foo.d.incept.ts`. */
export function declarationFile(spec: string): string {
  const { dir, name, ext } = parse(spec);
  return join(dir, `${name}.d${ext}.ts`);
}

/** Whether a spec can be imported: declarations of `foo` would be `foo.d.ts`, somebody else's. */
export const isImportable = (spec: string): boolean => parse(spec).ext === ".incept";

/**
 * The declarations of a spec's typed module: types and constants, no code. They hold for every
 * value of the model's parameters, so a dimension that one of them decides is `number`. Which do
 * is found by checking the spec again with other values, not by tracing expressions: the shape
 * rules then need to be written only once.
 *
 * @param network the spec checked with the parameters' default values
 * @param commonjs whether the file stands in a package whose .ts files are CommonJS: there a module's
 *   default is what `export =` gives, to TypeScript as to Node
 */
export function renderDeclarations(network: Network, recheck: Recheck, commonjs = false): string {
  const indent = commonjs ? "  " : "";
  const others = otherSettings(network).flatMap((settings) => recheck(settings) ?? []);
  const entries = (named: (network: Network) => readonly Named[]): Entry[] => {
    const alternatives = others.map(named);
    return named(network).map(({ name, doc, shape }, i) => ({
      name,
      doc: jsdoc(doc, `${indent}    `),
      type: shapeType(
        shape,
        alternatives.map((list) => list[i]?.shape),
      ),
    }));
  };
  return renderTemplate("types/spec.d.ts", {
    commonjs,
    indent,
    file: visible(basename(network.sources[0]?.path ?? network.name)),
    doc: jsdoc(network.doc ?? `${network.name}, compiled.`, ""),
    groups: [
      { name: "inputs", entries: entries(({ input }) => [input]) },
      { name: "outputs", entries: entries((n) => members(n, "output")) },
      { name: "stages", entries: entries((n) => members(n, "stage")) },
    ],
  });
}

interface Named {
  readonly name: string;
  readonly doc?: string;
  readonly shape: Shape;
}

interface Entry {
  readonly name: string;
  readonly doc: string;
  readonly type: string;
}

const members = (network: Network, kind: "output" | "stage"): readonly Named[] =>
  network.members
    .filter((member) => member.kind === kind)
    .map(({ name, doc, chain }) => ({
      name,
      ...(doc === undefined ? {} : { doc }),
      shape: chain.output,
    }));

/**
 * Each parameter changed by itself, several ways: one more may vanish in a stride's rounding, and
 * twice as much may not fit where one more does.
 */
function otherSettings({ settings }: Network): Record<string, Setting>[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    otherValues(value).map((other) => ({ ...settings, [name]: other })),
  );
}

function otherValues(value: Setting): Setting[] {
  if (typeof value === "number") return [value + 1, value + 2, value * 2, value * 3];
  if (typeof value === "boolean") return [!value];
  const grown = (by: number): Setting => ({ height: value.height + by, width: value.width + by });
  return [grown(1), grown(2)];
}

/** A tuple: a literal where every alternative agrees. */
function shapeType(shape: Shape, alternatives: readonly (Shape | undefined)[]): string {
  if (alternatives.some((other) => other?.length !== shape.length)) return "readonly number[]";
  const dims = shape.map((d, i) => (alternatives.every((a) => a?.[i] === d) ? d : "number"));
  return `readonly [${dims.join(", ")}]`;
}

/** The text of a `///` comment as JSDoc with its newline; nothing where there is none. */
function jsdoc(doc: string | undefined, indent: string): string {
  if (doc === undefined || doc.trim() === "") return "";
  const rows = doc.replaceAll("*/", "*\\/").split("\n");
  if (rows.length === 1) return `${indent}/** ${rows[0]} */\n`;
  return [
    `${indent}/**`,
    ...rows.map((row) => `${indent} * ${row}`.trimEnd()),
    `${indent} */\n`,
  ].join("\n");
}
