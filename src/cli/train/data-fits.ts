/** Whether pictures are enough, and those that a run was begun with. */
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import type { Pictures } from "../../runtime/train/pictures.js";
import type { RunData } from "./data.js";
import type { Before } from "./train-in.js";
import type { AskedTrainer } from "./trainer-options.js";

/** @throws InceptError `data/empty` for less than a batch, of which no step is made */
export function requireBatch(pictures: Pictures, batch: number): void {
  const { size } = pictures;
  if (size >= batch && size > 0) return;
  const what =
    size === 0 ? "no pictures" : `${counted(size, "picture")}, less than a batch of ${batch}`;
  throw new InceptError("data/empty", `There are ${what} to learn from.`, {
    help:
      size === 0
        ? "name other data, or hold less of them back: --validation"
        : `add --batch ${size}`,
  });
}

/**
 * Where a run stands is a place in its data: of others it would be another place.
 *
 * @throws InceptError `data/changed` or `args/conflict`
 */
export function requireSameData(
  { record, checkpoint }: Before,
  { data, asked }: { readonly data: RunData; readonly asked: AskedTrainer },
): void {
  const { standing, settings } = checkpoint.state;
  if (data.train.size !== record.pictures) {
    throw new InceptError(
      "data/changed",
      `The run learns from ${counted(record.pictures, "picture")}, and the data have ${data.train.size.toLocaleString("en-US")} now.`,
      {
        help: "give it the data it was begun with, or begin another run from its numbers: --weights",
      },
    );
  }
  const within = standing.position > 0 ? (["seed", "batch"] as const) : (["seed"] as const);
  for (const name of within) {
    if (asked[name] === undefined || asked[name] === settings[name]) continue;
    throw new InceptError(
      "args/conflict",
      `The run goes by --${name} ${settings[name]}${name === "batch" ? " to the end of its epoch" : ""}, and not ${asked[name]}.`,
      { help: `leave --${name} out` },
    );
  }
}
