/**
 * Whether norms and activations belong to the convolution before them, or to the one behind: in a
 * DenseNet or a ResNet of the second kind (He et al., 2016) they open a branch, and a convolution
 * that took the next one's would only blur that.
 */
import { activationNames } from "../../ops/activations.js";
import type { Flow } from "./flow.js";

export interface Style {
  readonly takesNorm: boolean;
  readonly takesActivation: boolean;
}

const activations: ReadonlySet<string> = new Set(activationNames);

/** So many that open a branch for each that follows a convolution make the difference. */
const share = 1 / 3;

export function styleOf({ items, readers }: Flow): Style {
  const norms = { opening: 0, following: 0 };
  const acts = { opening: 0, following: 0 };
  /** What opens a branch, and what a convolution and its norm gave. */
  const [opening, following] = [new Set<number>(), new Set<number>()];
  items.forEach(({ node, operands }, id) => {
    const name = node?.primitive.name ?? "";
    const [operand = -1] = operands;
    if (name.startsWith("conv")) following.add(id);
    const counts = name === "batchnorm" ? norms : activations.has(name) ? acts : undefined;
    if (counts === undefined) return;
    if (following.has(operand)) {
      counts.following++;
      if (name === "batchnorm") following.add(id);
    } else if (readers[operand]!.length > 1 || opening.has(operand)) {
      counts.opening++;
      opening.add(id);
    }
  });
  const follows = (each: typeof norms): boolean => each.opening < share * each.following;
  return {
    takesNorm: norms.opening === 0 || follows(norms),
    takesActivation: acts.opening === 0 || follows(acts),
  };
}
