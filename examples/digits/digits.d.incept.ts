// Written by inceptc from digits.incept: the network's names and shapes, no code.
import type { NetworkModule } from "inceptc";

/** Shapes leave the batch out. A `number` depends on a parameter of the model. */
export type Network = {
  readonly name: "Digits";
  /** What `set` takes. */
  readonly settings: Record<never, never>;
  readonly inputs: {
    readonly image: readonly [1, 28, 28];
  };
  readonly outputs: {
    readonly digit: readonly [10];
  };
  readonly stages: {
    readonly stem: readonly [16, 14, 14];
    readonly inception_1: readonly [40, 14, 14];
    readonly pool_1: readonly [40, 7, 7];
    readonly inception_2: readonly [80, 7, 7];
  };
  /** Auxiliary heads, for training alone. */
  readonly aux: Record<never, never>;
  /** The weights; `load` does without those of auxiliary heads. */
  readonly parameters: {
    readonly "stem.conv.weight": readonly [16, 1, 3, 3];
    readonly "stem.bn.weight": readonly [16];
    readonly "stem.bn.bias": readonly [16];
    readonly "stem.bn.running_mean": readonly [16];
    readonly "stem.bn.running_var": readonly [16];
    readonly "inception_1.conv1.conv.weight": readonly [8, 16, 1, 1];
    readonly "inception_1.conv1.bn.weight": readonly [8];
    readonly "inception_1.conv1.bn.bias": readonly [8];
    readonly "inception_1.conv1.bn.running_mean": readonly [8];
    readonly "inception_1.conv1.bn.running_var": readonly [8];
    readonly "inception_1.conv3.0.conv.weight": readonly [8, 16, 1, 1];
    readonly "inception_1.conv3.0.bn.weight": readonly [8];
    readonly "inception_1.conv3.0.bn.bias": readonly [8];
    readonly "inception_1.conv3.0.bn.running_mean": readonly [8];
    readonly "inception_1.conv3.0.bn.running_var": readonly [8];
    readonly "inception_1.conv3.1.conv.weight": readonly [16, 8, 3, 3];
    readonly "inception_1.conv3.1.bn.weight": readonly [16];
    readonly "inception_1.conv3.1.bn.bias": readonly [16];
    readonly "inception_1.conv3.1.bn.running_mean": readonly [16];
    readonly "inception_1.conv3.1.bn.running_var": readonly [16];
    readonly "inception_1.conv5.0.conv.weight": readonly [8, 16, 1, 1];
    readonly "inception_1.conv5.0.bn.weight": readonly [8];
    readonly "inception_1.conv5.0.bn.bias": readonly [8];
    readonly "inception_1.conv5.0.bn.running_mean": readonly [8];
    readonly "inception_1.conv5.0.bn.running_var": readonly [8];
    readonly "inception_1.conv5.1.conv.weight": readonly [8, 8, 5, 5];
    readonly "inception_1.conv5.1.bn.weight": readonly [8];
    readonly "inception_1.conv5.1.bn.bias": readonly [8];
    readonly "inception_1.conv5.1.bn.running_mean": readonly [8];
    readonly "inception_1.conv5.1.bn.running_var": readonly [8];
    readonly "inception_1.pool.1.conv.weight": readonly [8, 16, 1, 1];
    readonly "inception_1.pool.1.bn.weight": readonly [8];
    readonly "inception_1.pool.1.bn.bias": readonly [8];
    readonly "inception_1.pool.1.bn.running_mean": readonly [8];
    readonly "inception_1.pool.1.bn.running_var": readonly [8];
    readonly "inception_2.conv1.conv.weight": readonly [16, 40, 1, 1];
    readonly "inception_2.conv1.bn.weight": readonly [16];
    readonly "inception_2.conv1.bn.bias": readonly [16];
    readonly "inception_2.conv1.bn.running_mean": readonly [16];
    readonly "inception_2.conv1.bn.running_var": readonly [16];
    readonly "inception_2.conv3.0.conv.weight": readonly [16, 40, 1, 1];
    readonly "inception_2.conv3.0.bn.weight": readonly [16];
    readonly "inception_2.conv3.0.bn.bias": readonly [16];
    readonly "inception_2.conv3.0.bn.running_mean": readonly [16];
    readonly "inception_2.conv3.0.bn.running_var": readonly [16];
    readonly "inception_2.conv3.1.conv.weight": readonly [32, 16, 3, 3];
    readonly "inception_2.conv3.1.bn.weight": readonly [32];
    readonly "inception_2.conv3.1.bn.bias": readonly [32];
    readonly "inception_2.conv3.1.bn.running_mean": readonly [32];
    readonly "inception_2.conv3.1.bn.running_var": readonly [32];
    readonly "inception_2.conv5.0.conv.weight": readonly [8, 40, 1, 1];
    readonly "inception_2.conv5.0.bn.weight": readonly [8];
    readonly "inception_2.conv5.0.bn.bias": readonly [8];
    readonly "inception_2.conv5.0.bn.running_mean": readonly [8];
    readonly "inception_2.conv5.0.bn.running_var": readonly [8];
    readonly "inception_2.conv5.1.conv.weight": readonly [16, 8, 5, 5];
    readonly "inception_2.conv5.1.bn.weight": readonly [16];
    readonly "inception_2.conv5.1.bn.bias": readonly [16];
    readonly "inception_2.conv5.1.bn.running_mean": readonly [16];
    readonly "inception_2.conv5.1.bn.running_var": readonly [16];
    readonly "inception_2.pool.1.conv.weight": readonly [16, 40, 1, 1];
    readonly "inception_2.pool.1.bn.weight": readonly [16];
    readonly "inception_2.pool.1.bn.bias": readonly [16];
    readonly "inception_2.pool.1.bn.running_mean": readonly [16];
    readonly "inception_2.pool.1.bn.running_var": readonly [16];
    readonly "classifier.weight": readonly [10, 80];
    readonly "classifier.bias": readonly [10];
  };
};

/** Tells handwritten digits apart: small enough to learn it in a minute. */
declare const net: NetworkModule<Network>;
export default net;
