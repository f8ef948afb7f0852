// Written by inceptc from googlenet.incept: the network's names and shapes, no code.
import type { NetworkModule } from "inceptc";

/** Shapes leave the batch out. A `number` depends on a parameter of the model. */
export type Network = {
  readonly inputs: {
    readonly image: readonly [3, 224, 224];
  };
  readonly outputs: {
    readonly prob: readonly [number];
  };
  readonly stages: {
    readonly conv_1: readonly [64, 56, 56];
    readonly conv_2: readonly [192, 28, 28];
    readonly inception_3a: readonly [256, 28, 28];
    readonly inception_3b: readonly [480, 28, 28];
    readonly pool_3: readonly [480, 14, 14];
    readonly inception_4a: readonly [512, 14, 14];
    readonly inception_4b: readonly [512, 14, 14];
    readonly inception_4c: readonly [512, 14, 14];
    readonly inception_4d: readonly [528, 14, 14];
    readonly inception_4e: readonly [832, 14, 14];
    readonly pool_4: readonly [832, 7, 7];
    readonly inception_5a: readonly [832, 7, 7];
    readonly inception_5b: readonly [1024, 7, 7];
  };
};

/** GoogLeNet, compiled. */
declare const net: NetworkModule<Network>;
export default net;
