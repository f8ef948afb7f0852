import { headOf } from "../../autodiff/front.js";
import { auxPaths } from "../../emit/manifest.js";
import { trainableOf } from "../../emit/trainable.js";
import type { Network } from "../../model/network.js";
import { requireWeights } from "../../runtime/train/first-values.js";
import { openTrainer as open } from "../../runtime/train/open.js";
import { type CheckedTrainerOptions, trainerOptions } from "../../runtime/train/options.js";
import { parametersToFill } from "../../runtime/train/plan.js";
import type { Trainer } from "../../runtime/train/trainer.js";
import type { Losses } from "../../runtime/train/types.js";
import type { NetworkTypes } from "../../runtime/types.js";
import { built, requestOf } from "../artefact.js";
import type { TrainFlags } from "./flags.js";
import type { AskedTrainer } from "./trainer-options.js";

/**
 * The options as the trainer takes them, with the file of weights looked at.
 *
 * @throws TypeError or RangeError, or InceptError of `weights/` or `file/`
 */
export async function checkedOptions(
  network: Network,
  asked: AskedTrainer,
): Promise<CheckedTrainerOptions> {
  const call = callOf(network);
  const options = trainerOptions(call, asked);
  if (options.weights !== undefined) {
    const parameters = parametersToFill(call, trainableOf(network), options);
    const known = { aux: auxPaths(network), settings: network.settings };
    await requireWeights(call, known, parameters, options);
  }
  return options;
}

const callOf = ({ name }: Network): string => `${name}.trainer`;

/** Builds what trains the network as the options say, unless it is there, and starts it. */
export function openTrainer(
  spec: string,
  network: Network,
  flags: TrainFlags,
  options: CheckedTrainerOptions,
): Promise<Trainer<NetworkTypes, Losses<NetworkTypes>>> {
  const request = requestOf(spec, network, {
    ...{ target: "cpu", precision: "f32", maxBatch: 8, passes: true },
    ...flags,
  });
  return open(
    callOf(network),
    ({ train, behind }) => {
      const half = behind === undefined ? network : headOf(network, behind.front, behind.losses);
      const asked = { ...request, network: half, train: train?.(trainableOf(network)) };
      return built(asked, flags.json === true);
    },
    options,
  );
}
