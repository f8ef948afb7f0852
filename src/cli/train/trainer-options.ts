/** What a trainer is asked for: the spec's `train`, or a checkpoint's settings, and flags before them. */
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import type { Trainable } from "../../emit/trainable.js";
import { optimizerDefaults } from "../../ops/training/settings.js";
import { isLearned } from "../../runtime/train/rates.js";
import type { Naming } from "../../runtime/weights/naming.js";
import type { TrainerSettings } from "../../runtime/train/options.js";
import { requireFits } from "../../runtime/train/patterns.js";
import { namingOf } from "../naming.js";
import type { TrainFlags } from "./flags.js";

/** Options of `net.trainer`, as it reads them. */
export interface AskedTrainer extends TrainerSettings, Naming {
  readonly threads?: number;
  readonly weights?: string;
  readonly fresh?: readonly string[];
  readonly init?: TrainFlags["init"];
  readonly resume?: string;
}

/** What holds where no flag says otherwise. */
export interface Base extends Pick<TrainerSettings, "optimizer" | "schedule"> {
  readonly epochs: number;
}

/**
 * @param base of a resumed run its checkpoint's, else the spec's
 * @param epochs of the run, where a flag says them: where a cosine ends
 * @param resume the checkpoint to go on from
 * @throws InceptError `args/missing` or `args/conflict` for flags that do not go together; TypeError
 *   for a pattern that no parameter fits
 */
export function trainerOptions(
  network: Trainable,
  flags: TrainFlags,
  base: Base,
  resume?: string,
): AskedTrainer {
  const { batch, clipNorm, average, seed, threads, freeze } = flags;
  requirePatterns(network, flags);
  const start =
    resume === undefined
      ? given({ weights: flags.weights, ...namingOf(flags), fresh: flags.fresh, init: flags.init })
      : { resume };
  const optimizer = optimizerOf(flags, base);
  const schedule = scheduleOf(flags, base);
  return {
    ...start,
    ...given({ batch, clipNorm, average, seed, threads, optimizer, schedule }),
    ...(freeze === undefined
      ? {}
      : { learningRates: Object.fromEntries(freeze.map((pattern) => [pattern, 0])) }),
  };
}

const given = <T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

/** Before a minute goes into compiling, and by the flag's name. */
function requirePatterns(
  { parameters, train }: Trainable,
  { fresh, freeze, weights, rename, key, byOrder }: TrainFlags,
): void {
  const all = [...parameters, ...train.heads.flatMap((head) => head.parameters)];
  const names = all.map(({ name }) => name);
  const learned = all.filter(({ role }) => isLearned(role)).map(({ name }) => name);
  if (fresh !== undefined && weights === undefined) {
    throw new InceptError("args/missing", "--fresh is for parameters that --weights has.", {
      help: "add --weights FILE.safetensors, or leave --fresh out: without weights all are fresh",
    });
  }
  const [stray] =
    Object.entries({ rename, key, "by-order": byOrder }).find(([, value]) => value !== undefined) ??
    [];
  if (stray !== undefined && weights === undefined) {
    throw new InceptError("args/missing", `--${stray} is for the tensors of --weights.`, {
      help: `add --weights FILE, or leave --${stray} out`,
    });
  }
  const call = "inceptc train";
  requireFits(call, { option: "--fresh", what: "parameter" }, fresh ?? [], names);
  requireFits(call, { option: "--freeze", what: "parameter that learns" }, freeze ?? [], learned);
}

function optimizerOf(
  { optimizer, lr, weightDecay, momentum }: TrainFlags,
  base: Base,
): TrainerSettings["optimizer"] {
  if ([optimizer, lr, weightDecay, momentum].every((flag) => flag === undefined)) return undefined;
  const kind = optimizer ?? base.optimizer?.kind ?? "sgd";
  if (momentum !== undefined && !("momentum" in optimizerDefaults[kind])) {
    throw new InceptError("args/conflict", `--momentum is no number of ${kind}.`, {
      help: "leave it out, or add --optimizer sgd (or rmsprop)",
    });
  }
  return { kind, ...given({ lr, weightDecay, momentum }) };
}

function scheduleOf(
  { schedule, warmup, epochs }: TrainFlags,
  base: Base,
): TrainerSettings["schedule"] {
  // A function is nothing that the command line gives.
  const own = typeof base.schedule === "function" ? undefined : base.schedule;
  const kind = schedule ?? own?.kind ?? "constant";
  if (warmup !== undefined && kind !== "cosine") {
    throw new InceptError("args/conflict", `--warmup is a part of a cosine, and this is ${kind}.`, {
      help: "add --schedule cosine, or leave --warmup out",
    });
  }
  if (kind === "cosine") {
    // It comes down to 0 with the last epoch: of other epochs it is another one.
    const before = own?.kind === "cosine" ? own : undefined;
    const until = epochs ?? before?.epochs ?? base.epochs;
    return cosine(until, warmup ?? before?.warmup ?? 0, warmup === undefined);
  }
  if (schedule === undefined || kind === own?.kind) return undefined;
  if (kind === "constant") return { kind };
  throw new InceptError("args/missing", "--schedule step needs to know when, and by how much.", {
    help: "write both in the spec: train { schedule: step(every: 30, factor: 0.1) }",
  });
}

/** @param isOwn whether no flag says the warmup */
function cosine(epochs: number, warmup: number, isOwn: boolean): TrainerSettings["schedule"] {
  if (warmup < epochs) return { kind: "cosine", epochs, warmup };
  const all = counted(epochs, "epoch");
  const whose = isOwn ? "the schedule's warmup" : "--warmup";
  throw new InceptError(
    "args/conflict",
    `Of ${all} ${whose} takes ${warmup}, which leaves none to learn in at the full rate.`,
    { help: `add --warmup ${epochs - 1}, or more --epochs` },
  );
}
