/** What a module's parameters are called: by the branch and the place that they are the numbers of. */
import type { Hole } from "./leaves.js";

const shorts: Readonly<Record<string, string>> = {
  channels: "n",
  features: "n",
  kernel: "k",
  stride: "s",
  scale: "scale",
  from: "first",
  to: "end",
};

/**
 * A name that is not among those taken, which it joins.
 *
 * @param alike how many parameters are numbers of the same kind: a branch tells them apart
 */
export function paramName(holes: readonly Hole[], taken: Set<string>, alike: number): string {
  const hole = holes.find(({ isEarlier }) => !isEarlier) ?? holes[0]!;
  const isOne = new Set(holes.map(({ label }) => label)).size === 1;
  const wanted =
    alike > 1 && isOne
      ? named({ ...hole, isEarlier: hole.isEarlier && holes.length === 1 })
      : (shorts[hole.role] ?? hole.role);
  let name = wanted;
  for (let n = 2; taken.has(name); n++) {
    name = /\d$/.test(wanted) ? `${wanted}_${n}` : `${wanted}${n}`;
  }
  taken.add(name);
  return name;
}

/** `n3`: what branch `b3` gives; `r3`: what it reduces to before; `pp`: behind a pool. */
function named({ role, label, isEarlier }: Hole): string {
  if (role !== "channels") return shorts[role] ?? role;
  return /pool/i.test(label) ? "pp" : `${isEarlier ? "r" : "n"}${which(label)}`;
}

/** `3` of `b3` and `branch3x3`, `3d` of `branch3x3dbl`, `d` of `double3x3`. */
function which(label: string): string {
  if (!/\d/.test(label)) return "";
  const own = label.replace(/^(branch|conv|path|b|k)_?/i, "");
  const [, side = "", , word = ""] = /^(\d+)?(x\d+)?_?([a-z]?)/i.exec(own) ?? [];
  return side + word.toLowerCase();
}
