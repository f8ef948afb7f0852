// Written by inceptc from inception-resnet-v2.incept: the network's names and shapes, no code.
import type { NetworkModule } from "inceptc";

/** Shapes leave the batch out. A `number` depends on a parameter of the model. */
export type Network = {
  readonly inputs: {
    readonly image: readonly [3, 299, 299];
  };
  readonly outputs: {
    readonly logits: readonly [number];
  };
  readonly stages: {
    readonly conv2d_1a: readonly [32, 149, 149];
    readonly conv2d_2a: readonly [32, 147, 147];
    readonly conv2d_2b: readonly [64, 147, 147];
    readonly maxpool_3a: readonly [64, 73, 73];
    readonly conv2d_3b: readonly [80, 73, 73];
    readonly conv2d_4a: readonly [192, 71, 71];
    readonly maxpool_5a: readonly [192, 35, 35];
    readonly mixed_5b: readonly [320, 35, 35];
    readonly blocks_35: readonly [320, 35, 35];
    readonly mixed_6a: readonly [1088, 17, 17];
    readonly blocks_17: readonly [1088, 17, 17];
    readonly mixed_7a: readonly [2080, 8, 8];
    readonly blocks_8: readonly [2080, 8, 8];
    readonly block8: readonly [2080, 8, 8];
    readonly conv2d_7b: readonly [1536, 8, 8];
  };
};

/** InceptionResNetV2, compiled. */
declare const net: NetworkModule<Network>;
export default net;
