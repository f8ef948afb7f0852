import { diagnostic } from "../../diagnostics/catalogue.js";
import type { Diagnostics } from "../../diagnostics/diagnostics.js";
import type { Pair } from "../../ops/window.js";
import type { JoinStep, NetChain, NetStep, Network } from "../network.js";
import { subchains } from "../walk.js";

/**
 * `style/branch-kernel`: a branch called after a kernel that it does not have, the slip of
 * torchvision's GoogLeNet. A 7x7 may be there as 1x7 and 7x1.
 */
export function lintBranchKernels(network: Network, found: Diagnostics): void {
  const visit = (chain: NetChain): void => {
    for (const step of chain.steps) {
      if (step.kind === "join") checkJoin(step, found);
      subchains(step).forEach(visit);
    }
  };
  network.members.forEach(({ chain }) => visit(chain));
}

function checkJoin(join: JoinStep, found: Diagnostics): void {
  const labels = join.branches.map(({ label }) => label);
  for (const branch of join.branches) {
    const size = promised(branch.label, labels);
    if (size === undefined || has(kernelsOf(branch.chain), size)) continue;
    const params = { branch: branch.label, size: size.join("x") };
    const kernels = [...new Set(kernelsOf(branch.chain).map((kernel) => kernel.join("x")))];
    const label = kernels.length === 0 ? "it has no kernel" : `it has ${kernels.join(", ")}`;
    const frames = join.frames;
    found.add(diagnostic("style/branch-kernel", params, { span: branch.span, label, frames }));
  }
}

/** `branch5x5`, `conv5`, `b5`. With an even neighbour, `b2`, the digits are ordinals. */
function promised(label: string, labels: readonly string[]): Pair | undefined {
  const size = /(?:^|[^0-9])([1-9][0-9]?)x([1-9][0-9]?)(?![0-9])/.exec(label);
  if (size !== null) return [Number(size[1]), Number(size[2])];
  const digit = /^(b|conv|k)_?([1-9][0-9]?)$/i;
  const short = digit.exec(label);
  if (short === null) return undefined;
  const siblings = labels.flatMap((each) => {
    const match = digit.exec(each);
    return match?.[1] === short[1] ? [Number(match?.[2])] : [];
  });
  const side = Number(short[2]);
  return side < 3 || siblings.some((each) => each % 2 === 0) ? undefined : [side, side];
}

function has(kernels: readonly Pair[], [height, width]: Pair): boolean {
  return (
    kernels.some((kernel) => kernel[0] === height) && kernels.some((kernel) => kernel[1] === width)
  );
}

const kernelsOf = (chain: NetChain): readonly Pair[] =>
  chain.steps.flatMap((step) => [...kernelOf(step), ...subchains(step).flatMap(kernelsOf)]);

function kernelOf(step: NetStep): readonly Pair[] {
  const window = step.kind === "op" ? step.operator.window?.(step.input, step.args) : undefined;
  return window === undefined ? [] : [window.kernel];
}
