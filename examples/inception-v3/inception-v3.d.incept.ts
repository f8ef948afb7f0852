// Written by inceptc from inception-v3.incept: the network's names and shapes, no code.
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
    readonly Conv2d_1a_3x3: readonly [32, 149, 149];
    readonly Conv2d_2a_3x3: readonly [32, 147, 147];
    readonly Conv2d_2b_3x3: readonly [64, 147, 147];
    readonly maxpool1: readonly [64, 73, 73];
    readonly Conv2d_3b_1x1: readonly [80, 73, 73];
    readonly Conv2d_4a_3x3: readonly [192, 71, 71];
    readonly maxpool2: readonly [192, 35, 35];
    readonly Mixed_5b: readonly [256, 35, 35];
    readonly Mixed_5c: readonly [288, 35, 35];
    readonly Mixed_5d: readonly [288, 35, 35];
    readonly Mixed_6a: readonly [768, 17, 17];
    readonly Mixed_6b: readonly [768, 17, 17];
    readonly Mixed_6c: readonly [768, 17, 17];
    readonly Mixed_6d: readonly [768, 17, 17];
    readonly Mixed_6e: readonly [768, 17, 17];
    readonly Mixed_7a: readonly [1280, 8, 8];
    readonly Mixed_7b: readonly [2048, 8, 8];
    readonly Mixed_7c: readonly [2048, 8, 8];
  };
};

/** InceptionV3, compiled. */
declare const net: NetworkModule<Network>;
export default net;
