// Written by inceptc from alexnet.incept: the network's names and shapes, no code.
import type { NetworkModule } from "inceptc";

/** Shapes leave the batch out. A `number` depends on a parameter of the model. */
export type Network = {
  readonly name: "AlexNet";
  /** What `set` takes. */
  readonly settings: {
    readonly classes: number;
  };
  readonly inputs: {
    readonly image: readonly [3, 224, 224];
  };
  readonly outputs: {
    readonly logits: readonly [number];
  };
  readonly stages: {
    readonly conv_1: readonly [64, 27, 27];
    readonly conv_2: readonly [192, 13, 13];
    readonly conv_3: readonly [384, 13, 13];
    readonly conv_4: readonly [256, 13, 13];
    readonly conv_5: readonly [256, 6, 6];
    readonly fc_6: readonly [4096];
    readonly fc_7: readonly [4096];
  };
  /** Auxiliary heads, for training alone. */
  readonly aux: Record<never, never>;
  /** The weights; `load` does without those of auxiliary heads. */
  readonly parameters: {
    readonly "features.0.weight": readonly [64, 3, 11, 11];
    readonly "features.0.bias": readonly [64];
    readonly "features.3.weight": readonly [192, 64, 5, 5];
    readonly "features.3.bias": readonly [192];
    readonly "features.6.weight": readonly [384, 192, 3, 3];
    readonly "features.6.bias": readonly [384];
    readonly "features.8.weight": readonly [256, 384, 3, 3];
    readonly "features.8.bias": readonly [256];
    readonly "features.10.weight": readonly [256, 256, 3, 3];
    readonly "features.10.bias": readonly [256];
    readonly "classifier.1.weight": readonly [4096, 9216];
    readonly "classifier.1.bias": readonly [4096];
    readonly "classifier.4.weight": readonly [4096, 4096];
    readonly "classifier.4.bias": readonly [4096];
    readonly "classifier.6.weight": readonly [number, 4096];
    readonly "classifier.6.bias": readonly [number];
  };
};

/** AlexNet, compiled. */
declare const net: NetworkModule<Network>;
export default net;
