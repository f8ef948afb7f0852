import { recordOf } from "../../files/package-json.js";

/** Modules that may wait at their top level, as main.ts does. */
const waits = /^(es2022|esnext|preserve|node\d+|nodenext)$/i;
const tooOld = /^es(3|5|6|2015|2016)$/i;

/**
 * What a tsconfig.json of the user's own lacks for main.ts and the types of specs, as rows for its
 * `compilerOptions`. What it extends is not read.
 *
 * @param text JSON with comments and trailing commas
 */
export function missingOptions(text: string): readonly string[] {
  const options = recordOf(recordOf(parse(text)).compilerOptions);
  const { allowArbitraryExtensions, lib, types } = options;
  const [module, target] = [options.module, options.target].map(word);
  const rows: string[] = [];
  if (allowArbitraryExtensions !== true) rows.push('"allowArbitraryExtensions": true');
  if (!waits.test(module ?? "")) rows.push('"module": "nodenext"');
  // Node's modules bring a target of their own; elsewhere the default is an old one.
  const defaultIsOld = /^(es|preserve)/i.test(module ?? "");
  if (target === undefined ? defaultIsOld : tooOld.test(target)) {
    rows.push('"target": "es2022"');
  }
  // Without a list of libraries there are those of a browser, and console with them.
  if (Array.isArray(lib) && !names(lib).includes("dom") && !names(types).includes("node")) {
    rows.push('"types": ["node"]');
  }
  return rows;
}

const word = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

const names = (list: unknown): string[] =>
  Array.isArray(list) ? list.map((item) => String(item).toLowerCase()) : [];

/** What cannot be parsed has no options. */
function parse(text: string): unknown {
  // Strings come first in the pattern, so that no comment begins inside one.
  const json = text
    .replace(/^\uFEFF/, "")
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g, (_, string?: string) => string ?? "")
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, string?: string) => string ?? "");
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}
