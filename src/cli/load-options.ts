import { parametersFor } from "../build/project/project.js";
import type { BuildRequest } from "../build/request.js";
import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { auxPaths } from "../emit/manifest.js";
import { isOfAux } from "../runtime/artefact.js";
import { loadOptions as checkedOptions } from "../runtime/option-readers.js";
import type { LoadOptions } from "../runtime/options.js";
import { requireFile } from "../runtime/weights/load.js";
import { type NamingFlags, namingOf } from "./naming.js";

/** Where a network's parameters come from. */
export interface WeightFlags extends NamingFlags {
  readonly weights?: string;
}

/** What `run` and `predict` load a network with. */
export interface LoadFlags extends WeightFlags {
  readonly threads?: number;
}

/**
 * The weights and threads that flags name, with the files looked at: a wrong one is told before a
 * minute goes into compiling. A network without parameters needs no weights.
 *
 * @throws InceptError `args/missing`, or of `weights/` or `file/`
 */
export async function loadOptions(request: BuildRequest, flags: LoadFlags): Promise<LoadOptions> {
  const parameters = parametersFor(request);
  const options: LoadOptions = {
    ...weightOptions(parameters, flags),
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
  };
  const { weights, rename, key, byOrder } = checkedOptions(`${request.network.name}.load`, options);
  const left = { aux: request.aux === true ? [] : auxPaths(request.network) };
  const ignored = (name: string): boolean => isOfAux(left, name);
  const { settings } = request.network;
  await requireFile(weights, { parameters, rename, key, byOrder, ignored, settings });
  return options;
}

/**
 * The weights that flags name, and how they find the parameters.
 *
 * @throws InceptError `args/missing` where there are parameters and no weights, or as `namingOf` does
 */
export function weightOptions(
  parameters: readonly unknown[],
  flags: WeightFlags,
): Pick<LoadOptions, "weights" | "rename" | "key" | "byOrder"> {
  if (flags.weights === undefined && parameters.length > 0) {
    const what = `The network has ${counted(parameters.length, "parameter")} to fill.`;
    throw new InceptError("args/missing", what, {
      help: "add --weights FILE.safetensors, or --weights random:1",
    });
  }
  return { weights: flags.weights ?? {}, ...namingOf(flags) };
}
