/** Names of the classes that weights were trained for, as a file of weights keeps them. */
import type { Checkpoint } from "../../checkpoints/checkpoint.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { list, parseJson, record, text, WrongJson } from "../../files/json.js";

const key = "incept.classes";
const reader = record<{ readonly names: readonly string[] }>({
  names: list(text(10_000), 1_000_000),
});

/** By index, for the metadata of a safetensors file. */
export const classesMetadata = (
  names: readonly string[] | undefined,
): Readonly<Record<string, string>> =>
  names === undefined ? {} : { [key]: JSON.stringify({ names }) };

/** @throws InceptError `weights/header` where what the file says of its classes is no list of names */
export function classesOf({
  name,
  metadata,
}: Pick<Checkpoint, "name" | "metadata">): readonly string[] | undefined {
  const said = metadata[key];
  if (said === undefined) return undefined;
  try {
    return parseJson(said, reader).names;
  } catch (cause) {
    if (!(cause instanceof WrongJson)) throw cause;
    const message = `${name} does not say what its classes are: ${key} ${cause.message}.`;
    throw new InceptError("weights/header", message, { cause });
  }
}
