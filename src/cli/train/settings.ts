/** What a run does besides what its trainer is asked for: flags, before them the record of a resumed run. */
import { resolve } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import type { DataPlace } from "./data.js";
import type { TrainFlags } from "./flags.js";
import type { RunRecord } from "./record.js";

export interface RunSettings extends DataPlace {
  readonly epochs: number;
  readonly everySteps?: number | undefined;
  readonly augment: boolean;
  readonly skipBroken: boolean;
}

/**
 * @param before of a run that is resumed
 * @param epochs the spec's
 * @throws InceptError `args/missing` or `args/conflict`
 */
export function runSettings(
  flags: TrainFlags,
  before: RunRecord | undefined,
  epochs: number,
): RunSettings {
  const { validate, validation } = flags;
  const data = flags.data === undefined ? before?.data : resolve(flags.data);
  if (data === undefined) {
    throw new InceptError("args/missing", "Training needs pictures to learn from.", {
      help: "add --data PATH: a folder or file of pictures with their classes",
    });
  }
  if (validate !== undefined && validation !== undefined) {
    throw new InceptError("args/conflict", "--validate and --validation exclude one another.", {
      help: "judge by pictures of their own, or by a share of the data",
    });
  }
  const isToldOf = validate !== undefined || validation !== undefined;
  return {
    data,
    ...(isToldOf
      ? { validate: validate === undefined ? undefined : resolve(validate), validation }
      : { validate: before?.validate, validation: before?.validation }),
    seed: flags.seed ?? before?.seed ?? 0,
    epochs: flags.epochs ?? before?.epochs ?? epochs,
    everySteps: flags.everySteps ?? before?.everySteps,
    augment: flags.augment && before?.augment !== false,
    skipBroken: flags.skipBroken === true || before?.skipBroken === true,
  };
}
