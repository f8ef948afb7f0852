import { bug } from "../diagnostics/bug.js";
import { channels, isImage } from "../ops/shape.js";
import type { PlacedRun } from "../targets/program.js";
import { aligned } from "./cpp.js";
import type { Names } from "./names.js";

/** One value a row, in the order of the steps: extent, slice, and place in the arena. */
export function valueTable(runs: readonly PlacedRun[], names: Names): readonly string[] {
  const unique = new Map<string, PlacedRun>();
  for (const run of runs) {
    const known = unique.get(run.path);
    unique.set(run.path, run);
    if (known === undefined || JSON.stringify(known) === JSON.stringify(run)) continue;
    bug(`${run.path} has two places`);
  }
  return aligned(
    [...unique.values()].map((run) => [
      `inline constexpr Value ${names.values.of(run.path)} `,
      `= Value{}.${isImage(run.shape) ? "image" : "vector"}(${run.shape.join(", ")})`,
      run.pitch === channels(run.shape) ? "" : `.slice(${run.channel}, ${run.pitch})`,
      `.at(${run.buffer});`,
    ]),
  );
}
