/** Whether a network can be trained on pictures, and on these. */
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { channels, plane } from "../../ops/shape.js";
import type { Manifest } from "../../emit/manifest.js";
import type { Preparer } from "../image/prepare.js";
import { requirePictureInput } from "../classify.js";
import { classIndices, type KnownNames } from "./class-names.js";
import type { CheckedData, GivenData } from "./data.js";
import type { KeptFeatures } from "./kept-features.js";
import type { TrainedOutput } from "./losses.js";
import { PictureData, type PictureOrder, type PictureUse } from "./picture-data.js";
import type { TrainPlan } from "./plan.js";
import { isPictures, type Pictures } from "./pictures.js";
import type { TrainedNetwork } from "./trained-network.js";

/** What it has to know of a training. */
interface Trained {
  readonly network: {
    readonly manifest: Manifest;
    readonly addon: Preparer;
    /** Absent where nothing is trained, but judged. */
    readonly training?: Pick<TrainedNetwork["training"], "oneValue">;
  };
  readonly plan: Pick<TrainPlan, "losses" | "batch">;
  readonly labels: readonly string[] | undefined;
  readonly warn: (message: string) => void;
  readonly features?: KeptFeatures | undefined;
}

/**
 * Data as batches: those of one's own as they are, pictures prepared.
 *
 * @param call as messages name it
 * @throws TypeError where a picture's class says nothing of what is trained; InceptError
 *   `model/no-image`, `data/empty`, `data/classes` for a label that the output has not, or
 *   `data/labels` for a class of another name than the network's
 */
export function batchesOf(
  call: string,
  data: GivenData,
  training: Trained,
  order: PictureOrder,
): CheckedData {
  if (!isPictures(data)) return data;
  const use = useOf(call, training, order);
  if (data.size === 0)
    throw new InceptError("data/empty", `${call}: there is no picture in the data.`);
  return new PictureData(data, targetsOf(call, data, use.classes, training), use, order);
}

/** @throws TypeError for an option that means pictures, where there are none */
export function requirePictures<K extends string>(
  call: string,
  option: K,
  given: { readonly [name in K]?: unknown },
  data: readonly (GivenData | undefined)[],
): void {
  if (given[option] === undefined || data.some(isPictures)) return;
  throw new TypeError(`${call}: ${option} is for pictures, and the data are batches of your own.`);
}

function useOf(
  call: string,
  { network, plan, features }: Trained,
  { trains = false }: PictureOrder,
): PictureUse & { readonly classes: TrainedOutput } {
  const { manifest, addon, training } = network;
  const { name, shape, image } = requirePictureInput(call, manifest.inputs);
  const classes = classesOf(call, plan.losses.outputs);
  return {
    ...{ call, classes, output: classes.name, batch: plan.batch, native: addon },
    input: { name, shape, image },
    least: trains && (training?.oneValue.length ?? 0) > 0 ? 2 : 1,
    ...(features === undefined ? {} : { features }),
  };
}

/** The one output whose targets are classes of whole pictures. */
function classesOf(call: string, outputs: readonly TrainedOutput[]): TrainedOutput {
  const wrong = outputs.find(
    ({ shape, loss }) => loss.kind !== "cross_entropy" || plane(shape).some((side) => side !== 1),
  );
  const hint = "give an object with batches(epoch) instead";
  if (wrong !== undefined) {
    const { name, shape, loss } = wrong;
    const is =
      loss.kind === "cross_entropy" ? `a class for each of ${shape.join(" x ")}` : loss.kind;
    throw new TypeError(
      `${call}: a picture of the data has one class, and the output ${name} learns ${is}; ${hint}.`,
    );
  }
  if (outputs.length === 1) return outputs[0]!;
  const names = outputs.map(({ name }) => name).join(", ");
  throw new TypeError(
    `${call}: a picture of the data has one class, and several outputs are trained (${names}); ` +
      `train one of them (loss), or ${hint}.`,
  );
}

function targetsOf(
  call: string,
  pictures: Pictures,
  { name, shape }: TrainedOutput,
  training: Trained,
): Int32Array {
  const count = channels(shape);
  const known = knownNames(training, count);
  const { labels } = pictures;
  const indices =
    labels === undefined || known === undefined
      ? undefined
      : classIndices(call, labels, known, training.warn);
  const targets = new Int32Array(pictures.size);
  for (let i = 0; i < pictures.size; i++) {
    const label = pictures.label(i);
    if (!Number.isInteger(label) || label < 0) {
      throw new TypeError(
        `${call}: the label of ${pictures.name(i)} is ${String(label)}, expected a class index.`,
      );
    }
    if (label >= pictures.classes) {
      throw new TypeError(
        `${call}: the label of ${pictures.name(i)} is ${label}, and the data say that they have ` +
          `${counted(pictures.classes, "class", "classes")}.`,
      );
    }
    const target = indices === undefined ? label : indices[label]!;
    if (target >= count) {
      throw tooMany(call, pictures, i, {
        name,
        count,
        settings: training.network.manifest.settings,
      });
    }
    targets[i] = target;
  }
  return targets;
}

/** Names by class of the network, once these are its pictures. */
export function classNamesOf(
  { labels }: Pictures,
  training: Trained,
): readonly string[] | undefined {
  const [output] = training.plan.losses.outputs;
  return knownNames(training, channels(output!.shape))?.names ?? labels;
}

/** The spec's names where it has one for each class, else those of the data so far, or of the weights. */
function knownNames({ network, labels }: Trained, count: number): KnownNames | undefined {
  const { labels: own } = network.manifest;
  if (own?.length === count) return { names: own, by: "spec" };
  if (labels === undefined) return undefined;
  return { names: labels, by: network.training === undefined ? "weights" : "run" };
}

function tooMany(
  call: string,
  pictures: Pictures,
  index: number,
  output: {
    readonly name: string;
    readonly count: number;
    readonly settings: Readonly<Record<string, unknown>>;
  },
): InceptError {
  const label = pictures.label(index);
  const called = pictures.labels?.[label];
  const what = called === undefined ? String(label) : `${label} (${called})`;
  const { classes } = pictures;
  // A parameter of the model that is as large as the output is what it follows, most likely.
  const likely = Object.entries(output.settings).filter(([, value]) => value === output.count);
  const [setting] = likely.length === 1 ? likely[0]! : [];
  return new InceptError(
    "data/classes",
    `${call}: the data have ${counted(classes, "class", "classes")} and the output ${output.name} ` +
      `${output.count}: ${pictures.name(index)} is of class ${what}.`,
    {
      help:
        setting === undefined
          ? `give the output ${classes} classes in the spec`
          : `give the trainer set: { ${setting}: ${classes} }, or --set ${setting}=${classes}`,
    },
  );
}
