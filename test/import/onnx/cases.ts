/** Models that scripts of `make/` wrote, with what goes in and what comes out. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

export interface Case {
  readonly name: string;
  readonly model: Uint8Array;
  readonly inputs: readonly Float32Array[];
  readonly batch: number;
  /** By the output's name. */
  readonly outputs: ReadonlyMap<string, Float32Array>;
}

interface Packed {
  readonly name: string;
  readonly model: string;
  readonly inputs: readonly string[];
  readonly batch: number;
  readonly outputs: Readonly<Record<string, string>>;
}

/** @param name of a file of `fixtures/`, without its ending */
export function casesOf(name: string): readonly Case[] {
  const file = fileURLToPath(new URL(`fixtures/${name}.json.gz`, import.meta.url));
  const packed = JSON.parse(gunzipSync(readFileSync(file)).toString()) as readonly Packed[];
  return packed.map(({ model, inputs, outputs, ...more }) => ({
    ...more,
    model: bytes(model),
    inputs: inputs.map(floats),
    outputs: new Map(Object.entries(outputs).map(([key, text]) => [key, floats(text)])),
  }));
}

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));
const floats = (text: string): Float32Array => new Float32Array(bytes(text).buffer);
