import { groupnorm } from "../ops/groupnorm.js";
import { l2norm } from "../ops/l2norm.js";
import { layernorm } from "../ops/layernorm.js";

/** The norms that one kernel computes. */
export const imageNorms = [
  { primitive: groupnorm, centred: true },
  { primitive: layernorm, centred: true },
  { primitive: l2norm, centred: false },
] as const;
