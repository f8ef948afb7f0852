import { InceptError } from "../diagnostics/incept-error.js";
import { readRegularSync } from "../files/read.js";
import type { RenameMap } from "../runtime/weights/match.js";

/** A row a tensor: a file beyond this is something else. */
const maxBytes = 16 * 1024 * 1024;

/**
 * The map of `--rename`: name in the checkpoint -> name in the network.
 *
 * @throws InceptError `weights/rename`, and what `readRegularSync` throws
 */
export function readRename(file: string): RenameMap {
  const wrong = (reason: string, cause?: unknown): InceptError =>
    new InceptError("weights/rename", `${file} is no rename map: ${reason}.`, {
      help: 'write {"name in the checkpoint": "name in the network", …}',
      cause,
    });
  const bytes = readRegularSync({ path: file, what: "a rename map", maxBytes });
  let map: unknown;
  try {
    map = JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (typeof map !== "object" || map === null || Array.isArray(map)) throw wrong("not an object");
  for (const [from, to] of Object.entries(map)) {
    if (typeof to !== "string") throw wrong(`${from} is not renamed to a string`);
  }
  return map as RenameMap;
}
