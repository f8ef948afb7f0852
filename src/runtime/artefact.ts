import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { InceptError } from "../diagnostics/incept-error.js";
import { visibleName } from "../diagnostics/visible.js";
import type { Manifest } from "../emit/manifest.js";
import { maxBinaryBytes, maxManifestBytes, parseManifest } from "../emit/parse-manifest.js";
import { difference, type Digest } from "../files/digest.js";
import { shownPath } from "../files/display.js";
import { readRegularSync } from "../files/read.js";
import { distrust } from "../files/trust.js";
import { type NativeAddon, type NativeTraining, noBinary, openAddon, type Port } from "./addon.js";

/** A built network on disk: the manifest and the binary it names; nothing else is needed. */
export interface Artefact {
  readonly directory: string;
  readonly manifest: Manifest;
}

/**
 * @throws InceptError `artefact/missing`, `artefact/manifest` or `artefact/untrusted`, or of `file/`
 */
export function readArtefact(directory: string): Artefact {
  const path = join(directory, "manifest.json");
  const text = readPart(path, "a manifest", maxManifestBytes, () => {
    return new InceptError("artefact/missing", `${shownPath(directory)} holds no built network.`, {
      help: "name the folder that inceptc build wrote, the one with manifest.json",
    });
  }).toString("utf8");
  const manifest = parseManifest(path, text);
  for (const part of [directory, path, join(directory, manifest.binary)]) requireTrust(part);
  return { directory: resolve(directory), manifest };
}

/** What is loaded runs with all that this user may do. */
function requireTrust(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  const why = stat === undefined ? undefined : distrust(resolve(path), stat);
  if (why === undefined) return;
  throw new InceptError("artefact/untrusted", `${shownPath(path)} is not loaded: ${why}.`, {
    help: "let nobody but root and the user who runs it own or write it (chown, chmod go-w)",
  });
}

function readPart(
  path: string,
  what: string,
  maxBytes: number,
  missing: () => InceptError,
): Buffer {
  try {
    return readRegularSync({ path, what, maxBytes });
  } catch (error) {
    throw error instanceof InceptError && error.code === "file/not-found" ? missing() : error;
  }
}

/**
 * The artefact's native code, which must be of the network that the manifest describes: the
 * weights and buffers handed to it follow the manifest.
 *
 * @throws InceptError `artefact/torn`, `artefact/mismatch`, and what `openAddon` throws
 */
export function openArtefact({ directory, manifest }: Artefact): NativeAddon {
  const binary = join(directory, manifest.binary);
  requireWhole(binary, manifest.binaryDigest);
  const addon = openAddon(binary);
  const native = addon.describe();
  const same =
    native.model === manifest.model &&
    native.maxBatch === manifest.maxBatch &&
    ports(native.inputs) === ports(manifest.inputs) &&
    ports(native.outputs) === ports(manifest.outputs) &&
    ports(native.parameters) === ports(manifest.parameters) &&
    trains(native.training) === trains(manifest.training);
  if (!same) {
    throw new InceptError(
      "artefact/mismatch",
      `${shownPath(binary)} holds ${visibleName(native.model)} and is not the network of the manifest beside it.`,
      { help: "build the network again: inceptc build SPEC" },
    );
  }
  return addon;
}

/** The manifest of what runs here: of several programs for the CPU the native side chooses one. */
export function runningManifest(manifest: Manifest, addon: NativeAddon): Manifest {
  const { target } = addon.describe();
  const running = manifest.programs?.find(({ level }) => target === `cpu ${level}`);
  return running === undefined ? manifest : { ...manifest, ...running };
}

/** Whether a tensor belongs to an auxiliary head, which inference leaves out. */
export const isOfAux = ({ aux }: Pick<Manifest, "aux">, name: string): boolean =>
  aux.some((path) => name.startsWith(`${path}.`));

/** Damaged code would take the process down, and be loaded before it could be asked anything. */
function requireWhole(path: string, expected: Digest | undefined): void {
  const content = readPart(path, "a compiled network", maxBinaryBytes, () => noBinary(path));
  const wrong = expected === undefined ? undefined : difference(content, expected);
  if (wrong === undefined) return;
  throw new InceptError("artefact/torn", `${shownPath(path)} is damaged: it ${wrong}.`, {
    help: "copy the folder again, or build the network again: inceptc build SPEC",
  });
}

/** All by which a trainer's arrays are laid out. */
const trains = (program: NativeTraining | Manifest["training"]): string =>
  program === undefined
    ? ""
    : [
        program.inputs.map((port) => `${ports([port])} ${port.dtype} ${port.extent}`).join(),
        program.results.join(),
        ports(program.parameters),
      ].join(" | ");

const ports = (list: readonly Port[]): string =>
  list.map(({ name, shape }) => `${name}[${shape.join()}]`).join(" ");
