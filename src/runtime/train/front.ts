/** The first layers of a network, where they keep their values and what they make of pictures is kept. */
import type { Shape } from "../../ops/shape.js";
import type { Model } from "../model.js";
import type { Inputs, NetworkTypes } from "../types.js";
import { FrontBatch, type ReadBatch } from "./batch.js";
import type { Values } from "./engine.js";
import { type AnsweringNetwork, modelOf } from "./models.js";
import type { TrainedNetwork } from "./trained-network.js";

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

  /** Of the features of one example. */
  get shape(): Shape {
    return this.head.manifest.inputs[0].shape;
  }

  /** What takes the place of a batch's inputs. */
  async of(batch: ReadBatch, signal?: AbortSignal): Promise<ReadBatch["inputs"]> {
    if (batch instanceof FrontBatch) return batch.inputs;
    const { name } = this.network.manifest.inputs[0];
    return new Map([[name, await this.run(batch.inputs.get(name)!, signal)]]);
  }

  /**
   * @param images as the network takes them
   * @throws the signal's reason
   */
  async run(images: Float32Array, signal?: AbortSignal): Promise<Float32Array> {
    const { manifest, training } = this.network;
    const given = { [manifest.inputs[0].name]: images } as unknown as Inputs<N>;
    const results: object = await this.model.run(given, signal === undefined ? {} : { signal });
    return (results as Record<string, Float32Array>)[training.front!]!;
  }

  dispose(): Promise<void> {
    return this.model.dispose();
  }
}
