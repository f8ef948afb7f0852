import { dirname } from "node:path";
import { declarationFile, isImportable, renderDeclarations } from "../../emit/types.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { displayPath, shownPath } from "../../files/display.js";
import { isCommonJs } from "../../files/package-json.js";
import { readRegularSync } from "../../files/read.js";
import type { Network } from "../../model/network.js";
import { writeBeside } from "../disk/write-beside.js";

/**
 * Writes `foo.d.incept.ts` beside `foo.incept`, unless it says so already.
 *
 * @param network the spec checked with any settings: the declarations hold for all of them
 * @returns the file's path
 * @throws InceptError `file/cannot-write`
 */
export function writeTypes(spec: string, network: Network): string {
  const file = declarationFile(spec);
  const text = declarations(spec, network);
  if (readIfPresent(file) === text) return file;
  writeBeside(file, text);
  return file;
}

/** Where the declarations are, or why they are not as they should be: a row for a person. */
export type Types = { readonly file: string } | { readonly unwritten: string };

/**
 * `writeTypes` for whoever can do without: a spec may stand in a folder that cannot be written, as in
 * a container or a package, and is built and run there as well.
 */
export function keepTypes(spec: string, network: Network): Types {
  try {
    return { file: writeTypes(spec, network) };
  } catch (error) {
    if (!(error instanceof InceptError && error.code === "file/cannot-write")) throw error;
    const name = shownPath(displayPath(spec));
    const why = `${error.message.replace(/\.$/, "")}, so TypeScript does not know what ${name} says`;
    return { unwritten: `${why}; make its folder writable, or build a copy of the spec.` };
  }
}

/** Whether the declarations beside the spec are there and say something else than it does. */
export function typesAreStale(spec: string, network: Network): boolean {
  const present = isImportable(spec) ? readIfPresent(declarationFile(spec)) : undefined;
  return present !== undefined && present !== declarations(spec, network);
}

const declarations = (spec: string, network: Network): string =>
  renderDeclarations(network, isCommonJs(dirname(spec)));

/** Git may check the file out with other line ends than it was written with. */
function readIfPresent(path: string): string | undefined {
  try {
    const bytes = readRegularSync({ path, what: "type declarations", maxBytes: 1 << 24 });
    return bytes.toString("utf8").replaceAll("\r\n", "\n");
  } catch {
    return undefined;
  }
}
