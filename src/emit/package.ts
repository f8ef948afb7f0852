import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds our package.json: the same from src/ and from the bundle in dist/. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

/** A file that the package ships, such as a template or a native header. */
export const packageFile = (...parts: readonly string[]): string => join(packageRoot, ...parts);

/** The compiler's own version; part of every emitted header and cache key. */
export const version: string = readVersion();

function findRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`No package.json above ${from}.`);
    folder = above;
  }
  return folder;
}

function readVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(packageFile("package.json"), "utf8"));
  return (parsed as { version: string }).version;
}
