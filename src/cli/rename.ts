import { readFileSync } from "node:fs";
import { InceptError } from "../diagnostics/incept-error.js";
import type { RenameMap } from "../runtime/weights/match.js";

/**
 * The map of `--rename`: name in the checkpoint -> name in the network.
 *
 * @throws InceptError `weights/rename`
 */
export function readRename(file: string): RenameMap {
  const wrong = (reason: string, cause?: unknown): InceptError =>
    new InceptError("weights/rename", `${file} is no rename map: ${reason}.`, {
      help: 'write {"name in the checkpoint": "name in the network", …}',
      cause,
    });
  let map: unknown;
  try {
    map = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (typeof map !== "object" || map === null || Array.isArray(map)) throw wrong("not an object");
  for (const [from, to] of Object.entries(map)) {
    if (typeof to !== "string") throw wrong(`${from} is not renamed to a string`);
  }
  return map as RenameMap;
}
