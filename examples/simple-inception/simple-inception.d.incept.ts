// Written by inceptc from simple-inception.incept: the network's names and shapes, no code.
import type { NetworkModule } from "inceptc";

/** Shapes leave the batch out. A `number` depends on a parameter of the model. */
export type Network = {
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
};

/**
 * The review's network, as its code has it: one Inception module between a convolution and a
 * classifier, and nothing non-linear between the convolutions.
 */
declare const net: NetworkModule<Network>;
export default net;
