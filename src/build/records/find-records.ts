import { existsSync } from "node:fs";
import { visible } from "../../diagnostics/visible.js";
import { displayPath, shownPath } from "../../files/display.js";
import { forcedOf } from "../../kernels/forced.js";
import type { Measurement } from "../../kernels/records.js";
import type { WhichRecords } from "../request.js";
import { foreign, kernelsHere, processor } from "./circumstances.js";
import { type Circumstances, readRecords, type RecordsFile, recordsPath } from "./records-file.js";

export interface FoundRecords {
  readonly measurements: readonly Measurement[];
  /** Why the file beside the spec is not used, as a sentence without its full stop. */
  readonly unused?: string;
}

/**
 * What is measured of a spec's layers, in the file beside it.
 *
 * @param build what a build is for
 * @throws InceptError `build/records` or of `file/`, as `readRecords` does
 */
export function findRecords(
  spec: string,
  build: Pick<Circumstances, "level" | "precision">,
  which: WhichRecords,
): FoundRecords {
  const records = which === "none" ? undefined : readRecords(spec, build.precision);
  if (records === undefined) return { measurements: [], ...ofAnother(spec, build, which) };
  const here = { processor: processor(), ...build, kernels: kernelsHere() };
  const why = which === "any" ? undefined : foreign(records, here);
  if (why === undefined) return { measurements: measurementsOf(records) };
  const name = shownPath(displayPath(recordsPath(spec, build.precision)));
  return { measurements: [], unused: `${name} is not used: ${visible(why)}` };
}

/** What there is of f32 alone decides nothing in bf16. */
function ofAnother(
  spec: string,
  { precision }: Pick<Circumstances, "precision">,
  which: WhichRecords,
): Pick<FoundRecords, "unused"> {
  const path = recordsPath(spec, "f32");
  if (precision === "f32" || which !== "here" || !existsSync(path)) return {};
  const name = shownPath(displayPath(path));
  return { unused: `${name} is not used: it was measured in f32, not in ${precision}` };
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
