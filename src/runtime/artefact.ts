import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { InceptError } from "../diagnostics/incept-error.js";
import type { Manifest, ManifestOutput } from "../emit/manifest.js";
import { type NativeAddon, type NativePort, openAddon } from "./addon.js";

/** A built network on disk: the manifest and the binary it names; nothing else is needed. */
export interface Artefact {
  readonly directory: string;
  readonly manifest: Manifest;
}

/** @throws InceptError `artefact/missing` or `artefact/manifest` */
export function readArtefact(directory: string): Artefact {
  const file = join(directory, "manifest.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new InceptError("artefact/missing", `${directory} holds no built network.`, {
      help: "name the folder that inceptc build wrote, the one with manifest.json",
      cause,
    });
  }
  return { directory: resolve(directory), manifest: parseManifest(file, text) };
}

function parseManifest(file: string, text: string): Manifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new InceptError("artefact/manifest", `${file} is not JSON.`, { cause });
  }
  const required = ["model", "binary", "input", "outputs", "parameters", "stages"];
  const has = (key: string): boolean =>
    typeof parsed === "object" && parsed !== null && key in parsed;
  const absent = required.filter((key) => !has(key));
  if (absent.length > 0) {
    throw new InceptError("artefact/manifest", `${file} lacks ${absent.join(", ")}.`);
  }
  const manifest = parsed as Manifest;
  return { ...manifest, outputs: manifest.outputs.map(withClasses) };
}

/** A manifest used to say only whether an output's last step was a softmax. */
const withClasses = (output: ManifestOutput & { readonly softmax?: boolean }): ManifestOutput => ({
  ...output,
  classes: output.classes ?? (output.softmax === true ? "distribution" : "logits"),
});

/**
 * The artefact's native code, which must be of the network that the manifest describes: the
 * weights and buffers handed to it follow the manifest.
 *
 * @throws InceptError `artefact/mismatch`, and what `openAddon` throws
 */
export function openArtefact({ directory, manifest }: Artefact): NativeAddon {
  const binary = join(directory, manifest.binary);
  const addon = openAddon(binary);
  const native = addon.describe();
  const same =
    native.model === manifest.model &&
    ports(native.inputs) === ports([manifest.input]) &&
    ports(native.outputs) === ports(manifest.outputs) &&
    ports(native.parameters) === ports(manifest.parameters);
  if (!same) {
    throw new InceptError(
      "artefact/mismatch",
      `${binary} holds ${native.model} and is not the network of the manifest beside it.`,
      { help: "build the network again: inceptc build SPEC" },
    );
  }
  return addon;
}

const ports = (list: readonly NativePort[]): string =>
  list.map(({ name, shape }) => `${name}[${shape.join()}]`).join(" ");
