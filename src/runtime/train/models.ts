import { Model } from "../model.js";
import { InstancePool } from "../pool.js";
import { openSessions } from "../sessions.js";
import type { NetworkTypes } from "../types.js";
import type { Values } from "./engine.js";
import type { TrainedNetwork } from "./trained-network.js";

/** A build that answers. */
export type AnsweringNetwork = Pick<TrainedNetwork, "addon" | "manifest">;

/**
 * A model for inference of what was trained.
 *
 * @param hidden an output that is left out of what it gives
 */
export async function modelOf<N extends NetworkTypes>(
  { addon, manifest }: AnsweringNetwork,
  values: Values,
  threads: number,
  hidden?: string,
): Promise<Model<N>> {
  const arrays = manifest.parameters.map(({ name }) => values.get(name)!);
  const sessions = await openSessions(addon, 1, { threads, device: 0 }, (model) =>
    model.load(arrays),
  );
  const { work } = addon.describe();
  const parts = { unused: [], native: addon, work, hidden };
  return new Model<N>(manifest, new InstancePool(sessions), parts);
}
