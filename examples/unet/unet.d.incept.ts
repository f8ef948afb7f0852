// Written by inceptc from unet.incept: the network's names and shapes, no code.
import type { NetworkModule } from "inceptc";

/** Shapes leave the batch out. A `number` depends on a parameter of the model. */
export type Network = {
  readonly name: "UNet";
  /** What `set` takes. */
  readonly settings: {
    readonly classes: number;
    readonly width: number;
  };
  readonly inputs: {
    readonly image: readonly [3, 128, 128];
  };
  readonly outputs: {
    readonly logits: readonly [number, 128, 128];
  };
  readonly stages: {
    readonly down1: readonly [number, 128, 128];
    readonly down2: readonly [number, 64, 64];
    readonly down3: readonly [number, 32, 32];
    readonly down4: readonly [number, 16, 16];
    readonly middle: readonly [number, 8, 8];
    readonly up4: readonly [number, 16, 16];
    readonly up3: readonly [number, 32, 32];
    readonly up2: readonly [number, 64, 64];
    readonly up1: readonly [number, 128, 128];
  };
  /** Auxiliary heads, for training alone. */
  readonly aux: Record<never, never>;
  /** The weights; `load` does without those of auxiliary heads. */
  readonly parameters: {
    readonly "down1.0.weight": readonly [number, 3, 3, 3];
    readonly "down1.0.bias": readonly [number];
    readonly "down1.1.weight": readonly [number, number, 3, 3];
    readonly "down1.1.bias": readonly [number];
    readonly "down2.1.0.weight": readonly [number, number, 3, 3];
    readonly "down2.1.0.bias": readonly [number];
    readonly "down2.1.1.weight": readonly [number, number, 3, 3];
    readonly "down2.1.1.bias": readonly [number];
    readonly "down3.1.0.weight": readonly [number, number, 3, 3];
    readonly "down3.1.0.bias": readonly [number];
    readonly "down3.1.1.weight": readonly [number, number, 3, 3];
    readonly "down3.1.1.bias": readonly [number];
    readonly "down4.1.0.weight": readonly [number, number, 3, 3];
    readonly "down4.1.0.bias": readonly [number];
    readonly "down4.1.1.weight": readonly [number, number, 3, 3];
    readonly "down4.1.1.bias": readonly [number];
    readonly "middle.2.0.weight": readonly [number, number, 3, 3];
    readonly "middle.2.0.bias": readonly [number];
    readonly "middle.2.1.weight": readonly [number, number, 3, 3];
    readonly "middle.2.1.bias": readonly [number];
    readonly "up4.0.up.weight": readonly [number, number, 2, 2];
    readonly "up4.0.up.bias": readonly [number];
    readonly "up4.1.0.weight": readonly [number, number, 3, 3];
    readonly "up4.1.0.bias": readonly [number];
    readonly "up4.1.1.weight": readonly [number, number, 3, 3];
    readonly "up4.1.1.bias": readonly [number];
    readonly "up3.0.up.weight": readonly [number, number, 2, 2];
    readonly "up3.0.up.bias": readonly [number];
    readonly "up3.1.0.weight": readonly [number, number, 3, 3];
    readonly "up3.1.0.bias": readonly [number];
    readonly "up3.1.1.weight": readonly [number, number, 3, 3];
    readonly "up3.1.1.bias": readonly [number];
    readonly "up2.0.up.weight": readonly [number, number, 2, 2];
    readonly "up2.0.up.bias": readonly [number];
    readonly "up2.1.0.weight": readonly [number, number, 3, 3];
    readonly "up2.1.0.bias": readonly [number];
    readonly "up2.1.1.weight": readonly [number, number, 3, 3];
    readonly "up2.1.1.bias": readonly [number];
    readonly "up1.0.up.weight": readonly [number, number, 2, 2];
    readonly "up1.0.up.bias": readonly [number];
    readonly "up1.1.0.weight": readonly [number, number, 3, 3];
    readonly "up1.1.0.bias": readonly [number];
    readonly "up1.1.1.weight": readonly [number, number, 3, 3];
    readonly "up1.1.1.bias": readonly [number];
    readonly "logits.weight": readonly [number, number, 1, 1];
    readonly "logits.bias": readonly [number];
  };
};

/** UNet, compiled. */
declare const net: NetworkModule<Network>;
export default net;
