import { readdirSync } from "node:fs";
import { basename, join } from "node:path";

/** Every spec in some folders, whatever has been built and cached beside them. */
export const specFiles = (...folders: readonly string[]): readonly string[] =>
  folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith(".incept"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/(^|[\\/])\.incept[\\/]/.test(path) && basename(path) !== ".incept")
    .sort();
