import { buildArtefact } from "../build/build.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { renderDiagnostics } from "../diagnostics/render.js";
import { checkSpec } from "../model/check.js";
import { readSource, readSourceIfPresent } from "../model/files.js";
import type { Network, Setting } from "../model/network.js";
import type { Artefact } from "./artefact.js";
import type { BuildOptions } from "./options.js";

/**
 * Finds, or builds, the variant of a spec that the options name. Only what compiles imports this
 * file: a built folder is loaded without the compiler.
 *
 * @throws InceptError `spec/invalid` with the findings, and what building throws
 */
export async function compile(spec: string, options: BuildOptions): Promise<Artefact> {
  const { target, precision, maxBatch, tap, passes, builder } = options;
  const network = checkedNetwork(spec, options);
  return buildArtefact({
    spec,
    network,
    target,
    precision,
    maxBatch,
    taps: tap,
    passes,
    builder,
  });
}

function checkedNetwork(spec: string, { set, model }: BuildOptions): Network {
  const { network, diagnostics } = checkSpec(readSource(spec), {
    read: readSourceIfPresent,
    ...(model === undefined ? {} : { model }),
    ...(set === undefined ? {} : { set: settingTexts(set) }),
  });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (network === undefined || errors.length > 0) {
    throw new InceptError("spec/invalid", `${spec} has errors.\n${renderDiagnostics(errors)}`);
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
