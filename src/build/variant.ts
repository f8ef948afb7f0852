import { basename } from "node:path";
import { InceptError } from "../diagnostics/incept-error.js";
import type { Builder, BuildRequest } from "./request.js";

/** Which variant of its network a request means, every default in force. */
export interface Variant {
  readonly target: "cpu";
  readonly precision: "f32";
  readonly maxBatch: number;
  readonly aux: boolean;
  readonly taps: readonly string[];
  readonly passes: boolean;
  readonly builder: Builder;
}

/** @throws RangeError for a batch that no array could hold */
export function variantOf(request: BuildRequest): Variant {
  const { maxBatch = 8, aux = false, taps = [], passes = true, builder = "cmake-js" } = request;
  if (!Number.isInteger(maxBatch) || maxBatch < 1 || maxBatch > 4096) {
    throw new RangeError(`maxBatch is ${maxBatch}, expected a whole number of 1 to 4096.`);
  }
  requireOneOf("target", request.target ?? "auto", ["auto", "cpu"]);
  requireOneOf("precision", request.precision ?? "f32", ["f32"]);
  requireOneOf("builder", builder, ["cmake-js", "node-gyp"]);
  return { target: "cpu", precision: "f32", maxBatch, aux, taps, passes, builder };
}

/** TypeScript callers can't get here; plain JavaScript can. */
function requireOneOf(name: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  throw new InceptError(`build/${name}`, `There is no ${name} ${value}.`, {
    help: `it is one of ${known.join(", ")}`,
  });
}

/** The command that asks for the same, for people: it is printed, never run. */
export function commandOf({ spec, network }: BuildRequest, variant: Variant): string {
  const settings = Object.entries(network.settings).map(([name, value]) => {
    const text = typeof value === "object" ? `${value.height}x${value.width}` : String(value);
    return `--set ${name}=${text}`;
  });
  return [
    "inceptc build",
    basename(spec),
    ...settings,
    ...(variant.maxBatch === 8 ? [] : [`--max-batch ${variant.maxBatch}`]),
    ...(variant.aux ? ["--aux"] : []),
    ...(variant.taps.length === 0 ? [] : [`--tap ${variant.taps.join(",")}`]),
    ...(variant.passes ? [] : ["--no-passes"]),
  ].join(" ");
}
