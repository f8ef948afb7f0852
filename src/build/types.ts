import { dirname } from "node:path";
import { declarationFile, isImportable, type Recheck, renderDeclarations } from "../emit/types.js";
import { isCommonJs } from "../files/package-json.js";
import { readRegularSync } from "../files/read.js";
import { checkSpec } from "../model/check.js";
import type { Network, Setting } from "../model/network.js";
import { writeBeside } from "./write-beside.js";

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

/** Whether the declarations beside the spec are there and say something else than it does. */
export function typesAreStale(spec: string, network: Network): boolean {
  const present = isImportable(spec) ? readIfPresent(declarationFile(spec)) : undefined;
  return present !== undefined && present !== declarations(spec, network);
}

/** From the values that the spec itself gives the parameters, whatever is set now. */
function declarations(spec: string, network: Network): string {
  const recheck = rechecker(network);
  return renderDeclarations(recheck({}) ?? network, recheck, isCommonJs(dirname(spec)));
}

function rechecker(network: Network): Recheck {
  const [source] = network.sources;
  return (settings) =>
    source === undefined
      ? undefined
      : checkSpec(source, {
          read: network.read,
          model: network.name,
          set: Object.fromEntries(Object.entries(settings).map(settingText)),
        }).network;
}

/** As `--set` takes it: `10`, `true`, `3x7`. */
const settingText = ([name, value]: [string, Setting]): [string, string] => [
  name,
  typeof value === "object" ? `${value.height}x${value.width}` : String(value),
];

function readIfPresent(path: string): string | undefined {
  try {
    return readRegularSync({ path, what: "type declarations", maxBytes: 1 << 24 }).toString("utf8");
  } catch {
    return undefined;
  }
}
