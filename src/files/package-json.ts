/** The package.json files above a folder, as Node, npm and TypeScript look for them. */
import { dirname, join, resolve } from "node:path";
import { readRegularSync } from "./read.js";

const maxBytes = 1 << 24;

/** A package.json that is there; what cannot be parsed holds nothing. */
export interface PackageJson {
  /** The folder that it stands in, absolute. */
  readonly folder: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** That of the folder itself, then of each folder above it. */
export function packagesFrom(folder: string): readonly PackageJson[] {
  const own = resolve(folder);
  const above = dirname(own);
  const found = packageOf(own);
  return [...(found === undefined ? [] : [found]), ...(above === own ? [] : packagesFrom(above))];
}

/** The package.json of a folder, or undefined where it has none. */
export function packageOf(folder: string): PackageJson | undefined {
  let text: string;
  try {
    const path = join(folder, "package.json");
    text = readRegularSync({ path, what: "a package.json", maxBytes }).toString("utf8");
  } catch {
    return undefined;
  }
  return { folder, content: parse(text) };
}

function parse(text: string): PackageJson["content"] {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** An object of a package.json, such as its `dependencies`; empty where it is something else. */
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  isRecord(value) ? value : {};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Whether a .js or .ts file of the folder is a CommonJS module, as Node and TypeScript see it: the
 * nearest package.json does not say `"type": "module"`. Where there is none nothing is known, and
 * it counts as a module.
 */
export function isCommonJs(folder: string): boolean {
  const [nearest] = packagesFrom(folder);
  return nearest !== undefined && nearest.content.type !== "module";
}
