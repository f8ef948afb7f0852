/**
 * A training in one file: safetensors, in which parameters and statistics have their own names, so
 * that `load` takes it, and moments and the average theirs behind what they are: `moment_1:NAME`.
 * The rest stands in the file's metadata, with a digest of all tensors.
 */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { InceptError } from "../../diagnostics/incept-error.js";
import { visibleJson, visibleName } from "../../diagnostics/visible.js";
import { many, settings } from "../../emit/manifest-readers.js";
import { shownPath } from "../../files/display.js";
import { sha256 } from "../../files/digest.js";
import {
  dictionary,
  list,
  number,
  optional,
  parseJson,
  type Reader,
  record,
  text,
  whole,
} from "../../files/json.js";
import type { Setting } from "../../model/network.js";
import { sameShape } from "../../ops/shape.js";
import type { Kept } from "../addon.js";
import { checkOptions } from "../check-options.js";
import { openSafetensors } from "../../checkpoints/open.js";
import { trainingKey } from "../weights/trained.js";
import {
  float32Tensor,
  type StoredTensor,
  writeSafetensors,
} from "../../checkpoints/safetensors/write.js";
import type { Engine, Values } from "./engine.js";
import { settingsReaders, type TrainerSettings } from "./options.js";
import type { Standing } from "./schedule-rate.js";

/** What a checkpoint says besides numbers of parameters. */
export interface CheckpointState {
  readonly model: string;
  /** The values of the model's parameters: other ones are another network. */
  readonly set: Readonly<Record<string, Setting>>;
  readonly standing: Standing;
  /** Names of the data's classes by index, where they have some. */
  readonly labels?: readonly string[];
  /** Without a schedule where that is a function. */
  readonly settings: TrainerSettings;
}

const version = 1;

/** @throws InceptError `file/cannot-write`; the file that was there is unharmed */
export async function writeCheckpoint(
  file: string,
  kept: ReadonlyMap<Kept, Values>,
  { standing, settings, model, set, labels }: CheckpointState,
  engine: Engine,
): Promise<void> {
  const tensors = new Map<string, StoredTensor>();
  for (const [what, values] of kept) {
    const shapes = engine.shapesOf(what);
    for (const [name, array] of values) {
      tensors.set(tensorName(what, name), float32Tensor(shapes.get(name)!, array));
    }
  }
  const digest = digestOf(new Map([...tensors].map(([name, { bytes }]) => [name, bytes])));
  const state = JSON.stringify({
    ...{ version, model, set, digest },
    standing: Object.fromEntries(standingFields.map((name) => [name, standing[name]])),
    ...{ labels, settings },
  });
  await writeSafetensors(file, tensors, { format: "pt", [trainingKey]: state });
}

const tensorName = (kept: Kept, name: string): string =>
  kept === "values" ? name : `${kept}:${name}`;

/** Of names and bytes, in the order of the names. */
function digestOf(tensors: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash("sha256");
  for (const name of [...tensors.keys()].sort())
    hash.update(`${name}\n`).update(tensors.get(name)!);
  return hash.digest("hex");
}

/** A checkpoint whose header has been read. */
export class Checkpoint {
  private constructor(
    private readonly path: string,
    readonly state: CheckpointState,
    private readonly digest: string,
  ) {}

  /**
   * @throws InceptError `train/checkpoint` for a file that `save` did not write, or of `file/` or
   *   `weights/`
   */
  static async open(path: string): Promise<Checkpoint> {
    const file = await openSafetensors(path);
    await file.close();
    const text = file.metadata[trainingKey];
    if (text === undefined) {
      throw wrong(
        path,
        "is no checkpoint of a training",
        "to start from weights, give them as weights",
      );
    }
    try {
      const { digest, settings, ...state } = parseJson(text, stateReader);
      return new Checkpoint(
        path,
        { ...state, settings: checkOptions("settings", settings, settingsReaders) },
        digest,
      );
    } catch (cause) {
      throw wrong(path, `is damaged: ${(cause as Error).message}`, undefined, cause);
    }
  }

  /** Options of the run that it goes on with: those that are given, and else its own. */
  settingsFor(given: TrainerSettings): TrainerSettings {
    const { settings } = this.state;
    const { optimizer, schedule } = given;
    if (optimizer !== undefined && optimizer.kind !== settings.optimizer?.kind) {
      const own = settings.optimizer?.kind ?? "another optimizer";
      this.fail(`holds the moments of ${own} and not of ${optimizer.kind}`, asWeights);
    }
    if (schedule === undefined && settings.schedule === undefined) {
      this.fail("was trained by a schedule that is a function", "give it again: schedule: …");
    }
    const names = Object.keys(settingsReaders) as (keyof TrainerSettings)[];
    const told = names
      .filter((name) => given[name] !== undefined)
      .map((name) => [name, given[name]]);
    // Numbers of the optimizer that are not given are its own, too.
    const both = { ...settings.optimizer, ...optimizer } as TrainerSettings["optimizer"];
    return {
      ...settings,
      ...(Object.fromEntries(told) as TrainerSettings),
      ...(both && { optimizer: both }),
    };
  }

  /** @throws InceptError `train/checkpoint` where it is of another model */
  requireModel(model: string): void {
    if (this.state.model === model) return;
    this.fail(`is of ${visibleName(this.state.model)} and not of ${model}`, asWeights);
  }

  /** @throws InceptError `train/checkpoint` where the model's parameters have other values */
  requireSettings(settings: CheckpointState["set"]): void {
    const { set } = this.state;
    const other = Object.keys(settings).find(
      (name) => !isDeepStrictEqual(set[name], settings[name]),
    );
    if (other === undefined) return;
    const [was, is] = [visibleJson(set[other]), visibleJson(settings[other])];
    this.fail(
      `was trained with ${other} ${was} and not ${is}`,
      `give the trainer set: { ${other}: ${was} }`,
    );
  }

  /**
   * All of its numbers, by what is kept. What was frozen before has no moments, which then are 0; an
   * average that was not kept begins at the parameters.
   *
   * @throws InceptError `train/checkpoint` where they are not what was saved, or of another network
   */
  async read(engine: Engine): Promise<ReadonlyMap<Kept, Values>> {
    const file = await openSafetensors(this.path);
    try {
      const tensors = new Map<string, Float32Array>();
      for (const name of file.tensors.keys()) tensors.set(name, await file.readFloat32(name));
      if (
        digestOf(new Map([...tensors].map(([name, array]) => [name, bytesOf(array)]))) !==
        this.digest
      ) {
        this.fail("is damaged: its numbers are not those that were saved");
      }
      const stranger = [...tensors.keys()].find(
        (name) => !name.includes(":") && !engine.shapesOf("values").has(name),
      );
      if (stranger !== undefined) {
        this.fail(`has ${visibleName(stranger)}, which the network has not`, asWeights);
      }
      const all = new Map<Kept, Values>();
      for (const kept of engine.kept) {
        const found = new Map<string, Float32Array>();
        for (const [name, shape] of engine.shapesOf(kept)) {
          const entry = file.tensors.get(tensorName(kept, name));
          if (entry === undefined && kept !== "values") continue;
          found.set(name, tensors.get(this.fitting(entry, name, shape))!);
        }
        all.set(kept, found);
      }
      return all;
    } finally {
      await file.close();
    }
  }

  /** The name of a tensor that has the shape of a parameter. */
  private fitting(
    entry: { readonly name: string; readonly shape: readonly number[] } | undefined,
    name: string,
    shape: readonly number[],
  ): string {
    if (entry === undefined) this.fail(`lacks the parameter ${visibleName(name)}`, asWeights);
    if (sameShape(entry.shape, shape)) return entry.name;
    const sizes = `[${entry.shape.join(", ")}], expected [${shape.join(", ")}]`;
    this.fail(`holds ${visibleName(entry.name)} of ${sizes}`, asWeights);
  }

  private fail(why: string, help?: string): never {
    throw wrong(this.path, why, help);
  }
}

const asWeights = "resume it as it was trained, or start anew from its numbers: weights";

const bytesOf = (array: Float32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function wrong(path: string, why: string, help?: string, cause?: unknown): InceptError {
  const about = help === undefined ? {} : { help };
  return new InceptError("train/checkpoint", `${shownPath(path)} ${why}.`, { ...about, cause });
}

const byOutput = dictionary(text(10_000), number, 100_000);

const standingReaders: { readonly [K in keyof Standing]-?: Reader<Standing[K]> } = {
  steps: whole(0),
  epoch: whole(0),
  position: whole(0),
  empty: optional(whole(0)),
  lossSum: number,
  accuracySums: optional((value, place) => Object.fromEntries(byOutput(value, place))),
  learningRate: optional(number),
  stepsPerEpoch: optional(number),
  best: optional(number),
};

/** In one order, so that equal trainings are equal files. */
const standingFields = Object.keys(standingReaders) as (keyof Standing)[];

const standing = record<Standing>(standingReaders);

const anything: Reader<object> = (value) => Object(value) as object;

const stateReader = record<
  Omit<CheckpointState, "settings"> & {
    readonly version: number;
    readonly digest: string;
    readonly settings: object;
  }
>({
  version: whole(version, version),
  model: text(10_000),
  set: settings,
  digest: sha256,
  standing,
  labels: optional(list(text(10_000), many)),
  settings: anything,
});
