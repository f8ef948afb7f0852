import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";
import { type Artefact, openArtefact } from "../artefact.js";
import { requireMachine } from "../sessions.js";
import type { NetworkTypes } from "../types.js";
import type { Variants } from "../variants.js";
import { listNames } from "../weights/require-match.js";
import { requireFile } from "../weights/load.js";
import { Checkpoint } from "./checkpoint.js";
import { Engine } from "./engine.js";
import { Front } from "./front.js";
import type { AnsweringNetwork } from "./models.js";
import { firstValues } from "./first-values.js";
import type { CheckedTrainerOptions } from "./options.js";
import { planTraining } from "./plan.js";
import type { TrainedNetwork } from "./trained-network.js";
import { Training } from "./training.js";
import { Trainer } from "./trainer.js";
import type { Losses } from "./types.js";

/**
 * Builds what trains the network as the options say, and starts it.
 *
 * @param call as messages name it
 */
export async function openTrainer<N extends NetworkTypes, L extends Losses<N>>(
  call: string,
  variants: Variants,
  options: CheckedTrainerOptions,
): Promise<Trainer<N, L>> {
  // A build may take a minute: a file that is not there is told before.
  if (options.weights !== undefined) await requireFile(options.weights, { key: options.key });
  const start = await startOf(options);
  const artefact = await variants({
    ...options.build,
    train: (network) => {
      start.checkpoint?.requireModel(network.model);
      return planTraining(call, network, start.options).request;
    },
  });
  const network = openTraining(artefact);
  const { front, losses: all } = network.training;
  if (front === undefined) return startTrainer(call, network, start);
  const losses = all.map(({ of: _, ...loss }) => loss);
  const behind = await variants({ ...options.build, behind: { front, losses } });
  const head = { manifest: behind.manifest, addon: openArtefact(behind) };
  return startTrainer(call, network, start, head);
}

/** A trainer's options, those of the checkpoint that it resumes among them. */
export interface TrainerStart {
  readonly options: CheckedTrainerOptions;
  readonly checkpoint?: Checkpoint;
}

/** @throws InceptError of `train/`, `file/` or `weights/` for what is no checkpoint to resume */
export async function startOf(options: CheckedTrainerOptions): Promise<TrainerStart> {
  if (options.resume === undefined) return { options };
  const checkpoint = await Checkpoint.open(options.resume);
  return {
    checkpoint,
    options: { ...checkpoint.settingsFor(options), ...optionsBesides(options) },
  };
}

/** Those that no checkpoint has. */
const optionsBesides = ({ build, threads }: CheckedTrainerOptions): CheckedTrainerOptions => ({
  build,
  ...(threads === undefined ? {} : { threads }),
});

/** @throws InceptError as `openArtefact`, and `artefact/variant` for a build that cannot train */
function openTraining({ directory, manifest }: Artefact): TrainedNetwork {
  const { training } = manifest;
  if (training !== undefined) {
    return { addon: openArtefact({ directory, manifest }), manifest, training };
  }
  const message = `${shownPath(directory)} was not built to be trained.`;
  throw new InceptError("artefact/variant", message, {
    help: "build it with inceptc build SPEC --train",
  });
}

/** They keep their values, which is seldom meant. */
function warnOfUnreached(call: string, names: readonly string[]): void {
  if (names.length === 0) return;
  process.emitWarning(`${call}: no loss hangs on ${listNames(names)}.`, "InceptWarning");
}

/**
 * Starts training on a build that is loaded.
 *
 * @param head a build of what stands behind its front, where it has one
 */
export async function startTrainer<N extends NetworkTypes, L extends Losses<N>>(
  call: string,
  network: TrainedNetwork,
  { options, checkpoint }: TrainerStart,
  head?: AnsweringNetwork,
): Promise<Trainer<N, L>> {
  const { addon, manifest, training } = network;
  const { threads = 0, weights, rename, key, byOrder, fresh } = options;
  const { train } = manifest;
  if (addon.Trainer === undefined || train === undefined) {
    throw new InceptError("artefact/mismatch", `${manifest.model} has no training program.`);
  }
  checkpoint?.requireModel(manifest.model);
  checkpoint?.requireSettings(manifest.settings);
  await requireMachine(addon, { threads, device: 0 });
  warnOfUnreached(call, training.unreached);
  const plan = planTraining(call, { ...manifest, train }, options);
  const engine = new Engine(new addon.Trainer(), training, plan);
  try {
    const saved = await checkpoint?.read(engine);
    const { init = train.init } = options;
    const start = { init, seed: plan.seed, weights, rename, key, byOrder, fresh };
    const values =
      saved?.get("values") ?? (await firstValues(call, manifest, training.parameters, start));
    await engine.open(values, threads);
    for (const [kept, arrays] of saved ?? []) {
      if (kept !== "values") await engine.write(kept, arrays);
    }
    const front = head && (await Front.open<N>(network, head, values, threads));
    const begun = checkpoint?.state;
    return new Trainer<N, L>(new Training<N, L>(network, plan, engine, threads, begun, front));
  } catch (error) {
    engine.dispose();
    throw error;
  }
}
