import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bug } from "../diagnostics/bug.js";

/** The folder that holds our package.json: the same from src/ and from the bundle in dist/. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

/** A file that the package ships, such as a template or a native header. */
export const packageFile = (...parts: readonly string[]): string => join(packageRoot, ...parts);

const own = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as {
  readonly version: string;
  readonly engines: { readonly node: string };
};

/** The compiler's own version; part of every emitted header and cache key. */
export const version: string = own.version;

/** The versions of Node that run what is compiled: `>=20.19`. */
export const nodeRange: string = own.engines.node;

function findRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder) bug(`there is no package.json above ${from}`);
    folder = above;
  }
  return folder;
}
