import type { Shape } from "../../ops/shape.js";

/** A parameter that the network expects, or a tensor that a checkpoint has. */
export interface NamedShape {
  readonly name: string;
  readonly shape: Shape;
}

/** A tensor of a checkpoint; values that a caller gave have no stored type. */
export interface GivenTensor extends NamedShape {
  readonly dtype?: string;
}
