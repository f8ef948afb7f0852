import type { Applied } from "./activations.js";

/**
 * `scale` and `shift` say whether a factor and an offset a channel are learned; `momentum` is the weight of a new
 * batch in the running statistics, as in PyTorch.
 */
export interface BatchNormAttrs {
  readonly eps: number;
  readonly scale: boolean;
  readonly shift: boolean;
  readonly momentum: number;
}

/** Which parameters there are, by role. */
export const learnedRoles = ({
  scale,
  shift,
}: Pick<BatchNormAttrs, "scale" | "shift">): readonly ("weight" | "bias")[] => [
  ...(scale ? (["weight"] as const) : []),
  ...(shift ? (["bias"] as const) : []),
];

/** Of what there is for each role, that of the roles that are learned. */
export const learned = <T>(
  attrs: Pick<BatchNormAttrs, "scale" | "shift">,
  each: Readonly<Record<"weight" | "bias", T>>,
): Readonly<Record<string, T>> =>
  Object.fromEntries(learnedRoles(attrs).map((role) => [role, each[role]]));

/** Of a norm that trains. A pass may have it apply the activation after it, whose derivative is by y. */
export interface NormTrainingAttrs extends BatchNormAttrs, Partial<Applied> {}
