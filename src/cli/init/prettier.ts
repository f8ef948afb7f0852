import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { shownPath } from "../../files/display.js";
import { packageOf, packagesFrom } from "../../files/package-json.js";
import { readRegularSync } from "../../files/read.js";
import { declared } from "./dependency.js";

const plugin = "inceptc/prettier";
const maxBytes = 1 << 20;

export const configName = ".prettierrc";

export const config = `{ "plugins": ["${plugin}"] }\n`;

const configs = /^(\.prettierrc(\.(json5?|ya?ml|toml|[cm]?[jt]s))?|prettier\.config\.[cm]?[jt]s)$/;

/** The file that Prettier would be configured by in a folder: the nearest, there or above. */
export function prettierConfig(folder: string): string | undefined {
  const name = namesIn(folder).find((each) => configs.test(each));
  if (name !== undefined) return join(folder, name);
  if (packageOf(folder)?.content.prettier !== undefined) return join(folder, "package.json");
  const above = dirname(folder);
  return above === folder ? undefined : prettierConfig(above);
}

/** What to do by hand so that a configuration which is there takes the plugin; nothing where it does. */
export function prettierAdvice(file: string, directory: string): readonly string[] {
  if (namesPlugin(file)) return [];
  const shown = dirname(file) === directory ? basename(file) : shownPath(file);
  return [`add to plugins in ${shown}, for Prettier to lay specs out: "${plugin}"`];
}

function namesPlugin(path: string): boolean {
  try {
    return readRegularSync({ path, what: "a configuration", maxBytes }).includes(plugin);
  } catch {
    // Not ours to complain of: Prettier will.
    return false;
  }
}

/** Whether a package.json there or above asks for Prettier. */
export const usesPrettier = (folder: string): boolean =>
  packagesFrom(folder).some((each) => declared(each, "prettier") !== undefined);

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // What we may not list, Prettier finds nothing in either.
    return [];
  }
}
