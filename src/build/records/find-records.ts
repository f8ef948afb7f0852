import { visible } from "../../diagnostics/visible.js";
import { displayPath, shownPath } from "../../files/display.js";
import { forcedOf } from "../../kernels/forced.js";
import type { Measurement } from "../../kernels/records.js";
import type { CpuLevel } from "../../targets/cpu/level.js";
import type { WhichRecords } from "../request.js";
import { foreign, kernelsHere, processor } from "./circumstances.js";
import { readRecords, type RecordsFile, recordsPath } from "./records-file.js";

export interface FoundRecords {
  readonly measurements: readonly Measurement[];
  /** Why the file beside the spec is not used, as a sentence without its full stop. */
  readonly unused?: string;
}

/**
 * What is measured of a spec's layers, in the file beside it.
 *
 * @param level that a build is for
 * @throws InceptError `build/records` or of `file/`, as `readRecords` does
 */
export function findRecords(spec: string, level: CpuLevel, which: WhichRecords): FoundRecords {
  const records = which === "none" ? undefined : readRecords(spec);
  if (records === undefined) return { measurements: [] };
  const here = { processor: processor(), level, kernels: kernelsHere() };
  const why = which === "any" ? undefined : foreign(records, here);
  if (why === undefined) return { measurements: measurementsOf(records) };
  const name = shownPath(displayPath(recordsPath(spec)));
  return { measurements: [], unused: `${name} is not used: ${visible(why)}` };
}

/** As kernels state their costs: of one image on one core. */
function measurementsOf({ threads, microseconds }: RecordsFile): readonly Measurement[] {
  return [...microseconds].flatMap(([key, ways]) =>
    [...ways].map(([name, time]): Measurement => {
      const { kernel, tuning = "" } = forcedOf(name);
      return { kernel, tuning, key, nanoseconds: time * 1000 * threads };
    }),
  );
}
