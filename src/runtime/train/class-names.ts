/** Which class of a network a class of the data is, where both have names. */
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { suggest } from "../../diagnostics/suggest.js";
import { visibleName } from "../../diagnostics/visible.js";

/**
 * Names of a network's classes by index, and who gave them: its spec, the data of its first epoch, or the
 * file of its weights.
 */
export interface KnownNames {
  readonly names: readonly string[];
  readonly by: "spec" | "run" | "weights";
}

/**
 * The network's index of each class of the data. Names are the same whatever their case, and whether
 * words are parted by blanks, `-` or `_`. Where no name of the data is one of the spec's, but there are
 * as many, both have languages of their own, and the order counts: that is told by `warn`.
 *
 * @throws InceptError `data/labels` for a name that the network does not know
 */
export function classIndices(
  call: string,
  labels: readonly string[],
  { names, by }: KnownNames,
  warn: (message: string) => void,
): readonly number[] {
  const indexOf = new Map(names.map((name, i) => [plain(name), i] as const).reverse());
  const found = labels.map((label, i) =>
    // Of names that stand twice, as some of ImageNet's do, the one in the same place is meant.
    plain(names[i] ?? "") === plain(label) ? i : indexOf.get(plain(label)),
  );
  const stranger = found.indexOf(undefined);
  if (stranger === -1) return found as readonly number[];
  const isForeign = found.every((index) => index === undefined);
  if (isForeign && by === "spec" && labels.length === names.length) {
    warn(
      `${call}: no class of the data (${visibleName(labels[0]!)}, …) is named as one of the spec's labels ` +
        `(${visibleName(names[0]!)}, …): they are taken in their order.`,
    );
    return labels.map((_, i) => i);
  }
  throw unknownClass(call, labels[stranger]!, { names, by });
}

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, " ");

function unknownClass(call: string, name: string, { names, by }: KnownNames): InceptError {
  const near = suggest(name, names);
  const hint = near === undefined ? "." : `; did you mean ${visibleName(near)}?`;
  const all = counted(names.length, "class", "classes");
  const whose = {
    spec: `the ${counted(names.length, "label")} of the spec`,
    run: `the ${all} that the run was begun with`,
    weights: `the ${all} that the weights were trained for`,
  };
  const help = {
    spec: "name the class as the spec's labels do, or add it to them",
    run: "go on with the same classes, or start a new trainer from the weights",
    weights: "judge by pictures of the same classes, or by the weights that were trained for these",
  };
  return new InceptError(
    "data/labels",
    `${call}: the class ${visibleName(name)} of the data is not among ${whose[by]}${hint}`,
    { help: help[by] },
  );
}
