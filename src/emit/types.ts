import { basename, join, parse } from "node:path";
import { visible } from "../diagnostics/visible.js";
import type { NetMember, Network, Setting, Varies } from "../model/network.js";
import type { Shape } from "../ops/shape.js";
import { renderTemplate } from "./templates.js";
import { type WeightKey, weightKeys } from "./weight-keys.js";

/** The file that TypeScript reads for `import net from "./foo.incept"`: `foo.d.incept.ts`. */
export function declarationFile(spec: string): string {
  const { dir, name, ext } = parse(spec);
  return join(dir, `${name}.d${ext}.ts`);
}

/** Whether a spec can be imported: declarations of `foo` would be `foo.d.ts`, somebody else's. */
export const isImportable = (spec: string): boolean => parse(spec).ext === ".incept";

/**
 * The declarations of a spec's typed module: types and constants, no code. They hold for every
 * value of the model's parameters, so a dimension that one of them decides is `number`.
 *
 * @param network the spec checked with any settings
 * @param commonjs whether the file stands in a package whose .ts files are CommonJS: there a module's
 *   default is what `export =` gives, to TypeScript as to Node
 * @param runtime the module that they import types from
 */
export function renderDeclarations(
  network: Network,
  commonjs = false,
  runtime: "inceptc" | "inceptc/runtime" = "inceptc",
): string {
  const indent = commonjs ? "  " : "";
  const entry = ({ name, doc, shape, varies }: Named): Entry => ({
    name,
    doc: jsdoc(doc, `${indent}    `),
    type: tuple(shape, varies),
  });
  const { inputs, members } = network;
  const ofKind = (wanted: NetMember["kind"]): readonly Named[] =>
    members
      .filter(({ kind }) => kind === wanted)
      .map(({ chain, ...member }) => ({ ...member, shape: chain.output }));
  return renderTemplate("types/spec.d.ts", {
    commonjs,
    runtime,
    indent,
    file: visible(basename(network.sources[0]?.path ?? network.name)),
    doc: jsdoc(network.doc ?? `${network.name}, compiled.`, ""),
    name: JSON.stringify(network.name),
    groups: [
      { name: "settings", doc: "What `set` takes.", entries: settingEntries(network) },
      { name: "inputs", entries: inputs.map(entry) },
      { name: "outputs", entries: ofKind("output").map(entry) },
      { name: "stages", entries: ofKind("stage").map(entry) },
      {
        name: "aux",
        doc: "Auxiliary heads, for training alone.",
        entries: ofKind("aux").map(entry),
      },
      ...lossGroups(network),
      {
        name: "parameters",
        doc: "The weights; `load` does without those of auxiliary heads.",
        entries: weightKeys(network).map(weightEntry),
      },
    ],
  });
}

/** Nothing where all outputs learn by cross-entropy, which is what the types say unless told. */
function lossGroups({ train, members }: Network): readonly Group[] {
  const outputs = members.filter(({ kind }) => kind === "output");
  const losses = (train?.losses ?? []).filter(({ output, targets }) => output === targets);
  const usual = ({ name }: NetMember): boolean =>
    losses.some(({ output, kind }) => output === name && kind === "cross_entropy");
  if (losses.length === 0 || outputs.every(usual)) return [];
  const entries = losses.map(({ output, kind }) => ({
    name: output,
    doc: "",
    type: `{ readonly kind: ${JSON.stringify(kind)} }`,
  }));
  return [{ name: "losses", doc: "How outputs are trained unless a trainer is told.", entries }];
}

interface Group {
  readonly name: string;
  readonly doc?: string;
  readonly entries: readonly Entry[];
}

const settingEntries = ({ settings }: Network): readonly Entry[] =>
  Object.entries(settings).map(([name, value]) => ({ name, doc: "", type: settingType(value) }));

/** A parameter keeps the kind of its default. */
const settingType = (value: Setting): string =>
  typeof value === "object" ? "{ readonly height: number; readonly width: number }" : typeof value;

const weightEntry = ({ name, isPattern, known }: WeightKey): Entry => ({
  name: isPattern ? `[name: \`${name}\`]` : JSON.stringify(name),
  doc: "",
  type: known === undefined ? "readonly number[]" : tuple(known.shape, known.varies),
});

interface Named {
  readonly name: string;
  readonly doc?: string;
  readonly shape: Shape;
  readonly varies: Varies;
}

interface Entry {
  readonly name: string;
  readonly doc: string;
  readonly type: string;
}

/** A literal for each dimension that no parameter can change. */
const tuple = (shape: Shape, varies: Varies): string =>
  `readonly [${shape.map((side, d) => (varies[d] === false ? side : "number")).join(", ")}]`;

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
