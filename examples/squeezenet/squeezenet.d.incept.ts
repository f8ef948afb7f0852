// Written by inceptc from squeezenet.incept: the network's names and shapes, no code.
import type { NetworkModule } from "inceptc";

/** Shapes leave the batch out. A `number` depends on a parameter of the model. */
export type Network = {
  readonly name: "SqueezeNet";
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
    readonly conv1: readonly [64, 111, 111];
    readonly maxpool1: readonly [64, 55, 55];
    readonly fire2: readonly [128, 55, 55];
    readonly fire3: readonly [128, 55, 55];
    readonly maxpool3: readonly [128, 27, 27];
    readonly fire4: readonly [256, 27, 27];
    readonly fire5: readonly [256, 27, 27];
    readonly maxpool5: readonly [256, 13, 13];
    readonly fire6: readonly [384, 13, 13];
    readonly fire7: readonly [384, 13, 13];
    readonly fire8: readonly [512, 13, 13];
    readonly fire9: readonly [512, 13, 13];
  };
  /** Auxiliary heads, for training alone. */
  readonly aux: Record<never, never>;
  /** The weights; `load` does without those of auxiliary heads. */
  readonly parameters: {
    readonly "features.0.weight": readonly [64, 3, 3, 3];
    readonly "features.0.bias": readonly [64];
    readonly "features.3.squeeze.weight": readonly [16, 64, 1, 1];
    readonly "features.3.squeeze.bias": readonly [16];
    readonly "features.3.expand1x1.weight": readonly [64, 16, 1, 1];
    readonly "features.3.expand1x1.bias": readonly [64];
    readonly "features.3.expand3x3.weight": readonly [64, 16, 3, 3];
    readonly "features.3.expand3x3.bias": readonly [64];
    readonly "features.4.squeeze.weight": readonly [16, 128, 1, 1];
    readonly "features.4.squeeze.bias": readonly [16];
    readonly "features.4.expand1x1.weight": readonly [64, 16, 1, 1];
    readonly "features.4.expand1x1.bias": readonly [64];
    readonly "features.4.expand3x3.weight": readonly [64, 16, 3, 3];
    readonly "features.4.expand3x3.bias": readonly [64];
    readonly "features.6.squeeze.weight": readonly [32, 128, 1, 1];
    readonly "features.6.squeeze.bias": readonly [32];
    readonly "features.6.expand1x1.weight": readonly [128, 32, 1, 1];
    readonly "features.6.expand1x1.bias": readonly [128];
    readonly "features.6.expand3x3.weight": readonly [128, 32, 3, 3];
    readonly "features.6.expand3x3.bias": readonly [128];
    readonly "features.7.squeeze.weight": readonly [32, 256, 1, 1];
    readonly "features.7.squeeze.bias": readonly [32];
    readonly "features.7.expand1x1.weight": readonly [128, 32, 1, 1];
    readonly "features.7.expand1x1.bias": readonly [128];
    readonly "features.7.expand3x3.weight": readonly [128, 32, 3, 3];
    readonly "features.7.expand3x3.bias": readonly [128];
    readonly "features.9.squeeze.weight": readonly [48, 256, 1, 1];
    readonly "features.9.squeeze.bias": readonly [48];
    readonly "features.9.expand1x1.weight": readonly [192, 48, 1, 1];
    readonly "features.9.expand1x1.bias": readonly [192];
    readonly "features.9.expand3x3.weight": readonly [192, 48, 3, 3];
    readonly "features.9.expand3x3.bias": readonly [192];
    readonly "features.10.squeeze.weight": readonly [48, 384, 1, 1];
    readonly "features.10.squeeze.bias": readonly [48];
    readonly "features.10.expand1x1.weight": readonly [192, 48, 1, 1];
    readonly "features.10.expand1x1.bias": readonly [192];
    readonly "features.10.expand3x3.weight": readonly [192, 48, 3, 3];
    readonly "features.10.expand3x3.bias": readonly [192];
    readonly "features.11.squeeze.weight": readonly [64, 384, 1, 1];
    readonly "features.11.squeeze.bias": readonly [64];
    readonly "features.11.expand1x1.weight": readonly [256, 64, 1, 1];
    readonly "features.11.expand1x1.bias": readonly [256];
    readonly "features.11.expand3x3.weight": readonly [256, 64, 3, 3];
    readonly "features.11.expand3x3.bias": readonly [256];
    readonly "features.12.squeeze.weight": readonly [64, 512, 1, 1];
    readonly "features.12.squeeze.bias": readonly [64];
    readonly "features.12.expand1x1.weight": readonly [256, 64, 1, 1];
    readonly "features.12.expand1x1.bias": readonly [256];
    readonly "features.12.expand3x3.weight": readonly [256, 64, 3, 3];
    readonly "features.12.expand3x3.bias": readonly [256];
    readonly "classifier.1.weight": readonly [number, 512, 1, 1];
    readonly "classifier.1.bias": readonly [number];
  };
};

/** SqueezeNet, compiled. */
declare const net: NetworkModule<Network>;
export default net;
