// Written by inceptc from cifar-inception.incept: the network's names and shapes, no code.
import type { NetworkModule } from "inceptc";

/** Shapes leave the batch out. A `number` depends on a parameter of the model. */
export type Network = {
  readonly inputs: {
    readonly image: readonly [3, 32, 32];
  };
  readonly outputs: {
    readonly prob: readonly [10];
  };
  readonly stages: {
    readonly stem: readonly [32, 32, 32];
    readonly inception_1: readonly [64, 32, 32];
    readonly pool_1: readonly [64, 16, 16];
    readonly inception_2a: readonly [128, 16, 16];
    readonly inception_2b: readonly [128, 16, 16];
    readonly pool_2: readonly [128, 8, 8];
    readonly inception_3a: readonly [192, 8, 8];
    readonly inception_3b: readonly [192, 8, 8];
  };
};

/** A small Inception network that tells CIFAR-10's ten classes apart. */
declare const net: NetworkModule<Network>;
export default net;
