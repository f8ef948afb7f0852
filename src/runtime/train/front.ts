/** The first layers of a network, where they keep their values and what they make of pictures is kept. */
import type { Model } from "../model.js";
import type { Inputs, NetworkTypes } from "../types.js";
import type { Values } from "./engine.js";
import { type AnsweringNetwork, modelOf } from "./models.js";
import type { TrainedNetwork } from "./trained-network.js";

/** By input, what the layers behind the front take in its place. */
export type Features = ReadonlyMap<string, Float32Array>;

export class Front<N extends NetworkTypes> {
  private constructor(
    private readonly model: Model<N>,
    private readonly network: TrainedNetwork,
    /** What stands behind, as it answers. */
    readonly head: AnsweringNetwork,
  ) {}

  /**
   * @param network whose training program begins behind a front
   * @param head a build of what stands there
   * @param values of all parameters
   */
  static async open<N extends NetworkTypes>(
    network: TrainedNetwork,
    head: AnsweringNetwork,
    values: Values,
    threads: number,
  ): Promise<Front<N>> {
    return new Front<N>(await modelOf<N>(network, values, threads), network, head);
  }

  /** @throws the signal's reason */
  async of(inputs: ReadonlyMap<string, Float32Array>, signal?: AbortSignal): Promise<Features> {
    const given = Object.fromEntries(inputs) as unknown as Inputs<N>;
    const results: object = await this.model.run(given, signal === undefined ? {} : { signal });
    const { manifest, training } = this.network;
    const features = (results as Record<string, Float32Array>)[training.front!]!;
    return new Map([[manifest.input.name, features]]);
  }

  dispose(): Promise<void> {
    return this.model.dispose();
  }
}
