/** Whether pictures are enough, and those that a run was begun with. */
import { isDeepStrictEqual } from "node:util";
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

function requireCount(what: string, before: number, now: number): void {
  if (now === before) return;
  const are = now.toLocaleString("en-US");
  throw changed(`The run ${what} ${counted(before, "picture")}, and the data have ${are} now.`);
}

const changed = (message: string): InceptError =>
  new InceptError("data/changed", message, {
    help: "give it the data it was begun with, or begin another run from its numbers: --weights",
  });

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
  requireCount("learns from", record.pictures, data.train.size);
  requireCount("is judged by", record.validationPictures, data.validation?.size ?? 0);
  if (!isDeepStrictEqual(record.labels, data.train.labels)) {
    throw changed("The data name other classes, or in another order, than when the run was begun.");
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
