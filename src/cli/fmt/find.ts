import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";
import { cannotRead } from "../../files/failure.js";

/**
 * The specs that paths name: files as they are called, of folders every `.incept` file in them and
 * below, but for what is hidden or installed. Links within folders are not followed.
 *
 * @throws InceptError `file/not-found` for a folder without a spec, `file/unreadable`
 */
export function findSpecs(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
    const specs = specsBelow(path);
    if (specs.length > 0) return specs;
    const message = `There is no .incept file in ${shownPath(path)}.`;
    throw new InceptError("file/not-found", message);
  });
}

function specsBelow(folder: string): string[] {
  const found: string[] = [];
  const open = [folder];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    for (const entry of entriesOf(each)) {
      const { name } = entry;
      if (name.startsWith(".") || name === "node_modules") continue;
      if (entry.isDirectory()) open.push(join(each, name));
      else if (entry.isFile() && name.endsWith(".incept")) found.push(join(each, name));
    }
  }
  return found.sort();
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw cannotRead({ path: folder, what: "a folder" }, cause);
  }
}
