import type { Command } from "commander";
import { InceptError } from "../diagnostics/incept-error.js";
import { visible, visibleName } from "../diagnostics/visible.js";
import { shownPath } from "../files/display.js";
import { readRegularSync } from "../files/read.js";
import { JsonMistake, JsonReader } from "../files/json-reader.js";
import type { Naming } from "../runtime/weights/naming.js";
import {
  mistakeIn,
  mostPatterns,
  patternsIn,
  type RenameMap,
  repeatedName,
} from "../runtime/weights/rename.js";

/** How the tensors of `--weights` find the parameters. */
export interface NamingFlags {
  readonly rename?: string;
  readonly key?: string;
  readonly byOrder?: boolean;
}

/** `--rename`, what its file says, `--key` and `--by-order`. */
export const withNamingFlags = (command: Command): Command =>
  command
    .option("--key <path>", "which dictionary of a PyTorch file: model, ema.state_dict")
    .option("--rename <map.json>", "names in the checkpoint -> names in the network")
    .option("--by-order", "pair parameters and tensors by the order of both, not by names")
    .addHelpText(
      "after",
      `
A rename map is a JSON object, names in the checkpoint to names in the network:
  {"features.0": "conv_1"}  features.0.weight is conv_1.weight: whole names or
                            dotted prefixes, the longest first, each name once
  {"features.*.conv": "stage_*.conv"}
                            features.3.conv.weight is stage_3.conv.weight: * is
                            any text within one part of a name, ** parts; $1, $2
                            put them in another order; after whole names and
                            prefixes, the most parts first
  {"module": ""}            module.fc.weight is fc.weight: a prefix stripped
  {"": "net"}               fc.weight is net.fc.weight: a prefix for all`,
    );

/**
 * The flags as `load` has the options.
 *
 * @throws InceptError `args/conflict`, `weights/rename`, and what `readRegularSync` throws
 */
export function namingOf({ rename, key, byOrder }: NamingFlags): Naming {
  if (byOrder === true && rename !== undefined) {
    const what = "--by-order and --rename exclude one another: the one goes by no names.";
    throw new InceptError("args/conflict", what, { help: "leave one of them out" });
  }
  return {
    ...(rename === undefined ? {} : { rename: readRename(rename) }),
    ...(key === undefined ? {} : { key }),
    ...(byOrder === undefined ? {} : { byOrder }),
  };
}

/** A row a tensor: a file beyond this is something else. */
const maxBytes = 16 * 1024 * 1024;

/**
 * The map of `--rename`: name in the checkpoint -> name in the network.
 *
 * @throws InceptError `weights/rename`, and what `readRegularSync` throws
 */
function readRename(file: string): RenameMap {
  const wrong = (reason: string, cause?: unknown): InceptError =>
    new InceptError("weights/rename", `${shownPath(file)} is no rename map: ${reason}.`, {
      help: 'write {"name in the checkpoint": "name in the network", …}',
      ...(cause === undefined ? {} : { cause }),
    });
  const bytes = readRegularSync({ path: file, what: "a rename map", maxBytes });
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  let map: RenameMap;
  try {
    map = Object.fromEntries(readEntries(new JsonReader(text)));
  } catch (cause) {
    if (!(cause instanceof JsonMistake)) throw cause;
    throw wrong(`${cause.message} at ${placeIn(text, cause.at)}`, cause);
  }
  const twice = repeatedName(map);
  if (twice !== undefined) {
    throw wrong(`it has "${visibleName(twice)}" twice, once with a dot at the end`);
  }
  if (patternsIn(map) <= mostPatterns) return map;
  throw wrong(`it has more than ${mostPatterns} patterns`);
}

/** As `JSON.parse`, which would keep the last of two equal names and say nothing. */
function readEntries(json: JsonReader): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  json.object((from) => {
    if (entries.has(from)) throw json.mistake(`it has "${visibleName(from)}" twice`);
    const to = json.string();
    const wrong = mistakeIn(from, to);
    if (wrong !== undefined) throw json.mistake(visible(wrong.message));
    entries.set(from, to);
  });
  json.end();
  return entries;
}

function placeIn(text: string, at: number): string {
  const rows = text.slice(0, at).split("\n");
  return `line ${rows.length}, column ${(rows.at(-1)?.length ?? 0) + 1}`;
}
