// Written by inceptc from simple-inception.incept: the network's names and shapes, no code.
import type { NetworkModule } from "inceptc";

/** Shapes leave the batch out. A `number` depends on a parameter of the model. */
export type Network = {
  readonly name: "SimpleInception";
  /** What `set` takes. */
  readonly settings: Record<never, never>;
  readonly inputs: {
    readonly image: readonly [3, 32, 32];
  };
  readonly outputs: {
    readonly logits: readonly [10];
  };
  readonly stages: {
    readonly conv1: readonly [64, 32, 32];
    readonly inception1: readonly [352, 32, 32];
  };
  /** Auxiliary heads, for training alone. */
  readonly aux: Record<never, never>;
  /** The weights; `load` does without those of auxiliary heads. */
  readonly parameters: {
    readonly "conv1.weight": readonly [64, 3, 3, 3];
    readonly "conv1.bias": readonly [64];
    readonly "inception1.conv1.weight": readonly [64, 64, 1, 1];
    readonly "inception1.conv1.bias": readonly [64];
    readonly "inception1.conv3.0.weight": readonly [64, 64, 1, 1];
    readonly "inception1.conv3.0.bias": readonly [64];
    readonly "inception1.conv3.1.weight": readonly [128, 64, 3, 3];
    readonly "inception1.conv3.1.bias": readonly [128];
    readonly "inception1.conv5.0.weight": readonly [64, 64, 1, 1];
    readonly "inception1.conv5.0.bias": readonly [64];
    readonly "inception1.conv5.1.weight": readonly [128, 64, 5, 5];
    readonly "inception1.conv5.1.bias": readonly [128];
    readonly "inception1.pool.1.weight": readonly [32, 64, 1, 1];
    readonly "inception1.pool.1.bias": readonly [32];
    readonly "fc.weight": readonly [10, 360448];
    readonly "fc.bias": readonly [10];
  };
};

/**
 * The review's network, as its code has it: one Inception module between a convolution and a
 * classifier, and nothing non-linear between the convolutions.
 */
declare const net: NetworkModule<Network>;
export default net;
