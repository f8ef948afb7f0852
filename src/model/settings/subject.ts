import type { Shape } from "../../ops/shape.js";
import type { Model } from "../../syntax/ast.js";
import type { NetMember } from "../network.js";

/** What is trained, as far as it is known. */
export interface Subject {
  readonly model: Model;
  /** Those that came out whole. */
  readonly members: readonly NetMember[];
  /** Of the input. */
  readonly shape: Shape | undefined;
}
