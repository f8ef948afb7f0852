import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";
import { type Artefact, openArtefact } from "../artefact.js";
import { requireMachine } from "../sessions.js";
import type { NetworkTypes } from "../types.js";
import type { Variants } from "../variants.js";
import { requireFile } from "../weights/load.js";
import { Engine } from "./engine.js";
import { firstValues } from "./first-values.js";
import type { CheckedTrainerOptions } from "./options.js";
import { planTraining } from "./plan.js";
import { type TrainedNetwork, Training } from "./training.js";
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
  if (options.weights !== undefined) await requireFile(options.weights);
  const artefact = await variants({
    ...options.build,
    train: (network) => planTraining(call, network, options).request,
  });
  return startTrainer(call, openTraining(artefact), options);
}

/** @throws InceptError as `openArtefact`, and `artefact/variant` for a build that cannot train */
function openTraining({ directory, manifest }: Artefact): TrainedNetwork {
  const { training } = manifest;
  if (training !== undefined)
    return { addon: openArtefact({ directory, manifest }), manifest, training };
  throw new InceptError(
    "artefact/variant",
    `${shownPath(directory)} was not built to be trained.`,
    {
      help: "build it with inceptc build SPEC --train",
    },
  );
}

/** Starts training on a build that is loaded. */
export async function startTrainer<N extends NetworkTypes, L extends Losses<N>>(
  call: string,
  network: TrainedNetwork,
  options: CheckedTrainerOptions,
): Promise<Trainer<N, L>> {
  const { addon, manifest, training } = network;
  const { threads = 0, weights, fresh } = options;
  const { train } = manifest;
  if (addon.Trainer === undefined || train === undefined) {
    throw new InceptError("artefact/mismatch", `${manifest.model} has no training program.`);
  }
  await requireMachine(addon, { threads, device: 0 });
  const plan = planTraining(call, { ...manifest, train }, options);
  const values = await firstValues(call, manifest, training.parameters, {
    ...{ init: train.init, seed: plan.seed, weights, fresh },
  });
  const engine = await Engine.open(new addon.Trainer(), training, plan, { values, threads });
  return new Trainer<N, L>(new Training<N, L>(network, plan, engine, threads));
}
