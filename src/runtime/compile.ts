import { buildArtefact, findArtefact } from "../build/build.js";
import type { BuildEvent, BuildRequest } from "../build/request.js";
import { writeTypes } from "../build/types.js";
import { variantOf } from "../build/variant.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { renderDiagnostics } from "../diagnostics/render.js";
import { displayPath } from "../files/display.js";
import { checkFile } from "../model/check-file.js";
import type { Network, Setting } from "../model/network.js";
import { hostLevel } from "../targets/cpu/level.js";
import type { Artefact } from "./artefact.js";
import { compileNotice } from "./compile-notice.js";
import type { BuildOptions } from "./options.js";

/**
 * Finds, or builds, the variant of a spec that the options name, and keeps the types beside the
 * spec as it is. Only what compiles imports this file: a built folder is loaded without the
 * compiler.
 *
 * @param onProgress follows the build; without it two lines on stderr do
 * @throws InceptError `spec/invalid` with the findings, and what building throws
 */
export async function compile(
  spec: string,
  options: BuildOptions,
  onProgress?: (event: BuildEvent) => void,
): Promise<Artefact> {
  const request = requestOf(spec, options);
  // An import has no way to name a model, so the types are those of the spec's only one.
  if (options.model === undefined) writeTypesIfPossible(spec, request.network);
  if (onProgress !== undefined) return buildArtefact({ ...request, onProgress });
  const notice = compileNotice(displayPath(spec), () => targetText(request));
  const artefact = await buildArtefact({ ...request, onProgress: notice.onProgress });
  notice.done();
  return artefact;
}

/** `cpu avx512`, `cuda f16` */
function targetText(request: BuildRequest): string {
  const { target, precision } = variantOf(request);
  return `${target} ${target === "cpu" ? hostLevel() : precision}`;
}

/** Types are for the next edit: where their folder cannot be written the program runs as well. */
function writeTypesIfPossible(spec: string, network: Network): void {
  try {
    writeTypes(spec, network);
  } catch (error) {
    if (!(error instanceof InceptError && error.code === "file/cannot-write")) throw error;
  }
}

/**
 * Finds the variant, and builds nothing.
 *
 * @throws InceptError `spec/invalid` with the findings, or `artefact/stale`
 */
export function findCompiled(spec: string, options: BuildOptions): Artefact {
  const request = requestOf(spec, options);
  const found = findArtefact(request);
  if (found !== undefined) return found;
  throw new InceptError(
    "artefact/stale",
    `${displayPath(spec)} has no build of its present text, and nothing is compiled under NODE_ENV=production.`,
    { help: `run inceptc build ${displayPath(spec)} before, with the same options` },
  );
}

function requestOf(spec: string, options: BuildOptions): BuildRequest {
  const { target, precision, arch, maxBatch, tap, passes, builder } = options;
  const network = checkedNetwork(spec, options);
  return { spec, network, target, precision, arch, maxBatch, taps: tap, passes, builder };
}

function checkedNetwork(spec: string, { set, model, root }: BuildOptions): Network {
  const settings = set === undefined ? undefined : settingTexts(set);
  const { network, diagnostics } = checkFile(spec, { root, model, set: settings });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (network === undefined || errors.length > 0) {
    throw new InceptError(
      "spec/invalid",
      `${displayPath(spec)} has errors.\n\n${renderDiagnostics(errors)}`,
    );
  }
  return network;
}

/** As `--set` takes them: `10`, `true`, `3x7`. */
const settingTexts = (set: Readonly<Record<string, Setting>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(set).map(([name, value]) => [
      name,
      typeof value === "object" ? `${value.height}x${value.width}` : String(value),
    ]),
  );
