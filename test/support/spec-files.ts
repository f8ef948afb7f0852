import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The `.incept` files in folders and in the folders within. */
export const specFiles = (...folders: readonly string[]): readonly string[] =>
  folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    )
    .filter((path) => path.endsWith(".incept"))
    .sort();
