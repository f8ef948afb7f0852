import { existsSync } from "node:fs";
import { join } from "node:path";

/** cuDNN and cuBLAS as Python wheels install them, for tests of what is asked of them. */
export interface Wheels {
  readonly include: readonly string[];
  /** Where an addon looks for the libraries. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The wheels below the site-packages folder that `INCEPT_CUDA_WHEELS` names; undefined where it
 * names none.
 *
 * @throws Error where it is set and a wheel is absent: then a test would pass for no reason
 */
export function wheels(): Wheels | undefined {
  const folder = process.env.INCEPT_CUDA_WHEELS;
  if (folder === undefined || folder === "") return undefined;
  const [cudnn, cublas] = ["cudnn", "cu13"].map((name) => join(folder, "nvidia", name));
  for (const wheel of [cudnn!, cublas!]) {
    if (!existsSync(join(wheel, "lib"))) throw new Error(`${wheel} holds no libraries.`);
  }
  return {
    include: [join(cudnn!, "include"), join(cublas!, "include")],
    env: { CUDNN_PATH: cudnn!, CUDA_PATH: cublas! },
  };
}
