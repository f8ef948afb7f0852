import { bug } from "../diagnostics/bug.js";
import type { Argument, BatchPlace, Call, TrainingProgram } from "../targets/program.js";
import { aligned } from "./cpp.js";
import { types } from "./forward.js";
import type { Names } from "./names.js";

/** The places that a training program's calls speak of. */
export const placesOf = ({ run }: TrainingProgram): readonly BatchPlace[] =>
  run
    .flatMap((item) => ("instructions" in item ? item.instructions : []))
    .filter((instruction): instruction is Call => instruction.kind === "call")
    .flatMap(({ args }) => args.flatMap(placeOf));

const placeOf = (arg: Argument): readonly BatchPlace[] => (arg.kind === "place" ? [arg.place] : []);

/** One value a row: `inline constexpr ImageValue<float> conv_1{0, 4096, 0};` */
export function batchValueTable(places: readonly BatchPlace[], names: Names): readonly string[] {
  const unique = new Map<string, BatchPlace>();
  for (const place of places) {
    const known = unique.get(place.name);
    unique.set(place.name, known ?? place);
    if (known === undefined || JSON.stringify(known) === JSON.stringify(place)) continue;
    bug(`${place.name} has two places`);
  }
  return aligned(
    [...unique.values()].map(({ name, type, dtype, numbers }) => [
      `inline constexpr ${type}<${types[dtype]}> `,
      `${names.values.of(name)}{${numbers.join(", ")}};`,
    ]),
  );
}
