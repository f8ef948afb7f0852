import { trainableOf } from "../../emit/trainable.js";
import type { Network } from "../../model/network.js";
import { openTrainer as open } from "../../runtime/train/open.js";
import { trainerOptions as checked } from "../../runtime/train/options.js";
import type { Trainer } from "../../runtime/train/trainer.js";
import type { Losses } from "../../runtime/train/types.js";
import type { NetworkTypes } from "../../runtime/types.js";
import { built, requestOf } from "../artefact.js";
import type { TrainFlags } from "./flags.js";
import type { AskedTrainer } from "./trainer-options.js";

/** Builds what trains the network as the options say, unless it is there, and starts it. */
export function openTrainer(
  spec: string,
  network: Network,
  flags: TrainFlags,
  asked: AskedTrainer,
): Promise<Trainer<NetworkTypes, Losses<NetworkTypes>>> {
  const call = `${network.name}.trainer`;
  const request = requestOf(spec, network, {
    ...{ target: "cpu", precision: "f32", maxBatch: 8, passes: true },
    ...flags,
  });
  return open(
    call,
    ({ train }) => built({ ...request, train: train?.(trainableOf(network)) }, flags.json === true),
    checked(call, asked),
  );
}
