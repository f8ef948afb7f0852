/** Warnings about networks that are legal but perhaps not meant. */
import type { Diagnostics } from "../../diagnostics/diagnostics.js";
import type { Network } from "../network.js";
import { lintBranchKernels } from "./lint-branch-kernel.js";
import { lintLinearChains } from "./lint-linear-chain.js";
import { lintLosses } from "./lint-loss.js";
import { lintNaiveBranches } from "./lint-naive-branch.js";
import { lintSoftmax } from "./lint-softmax.js";

export function lint(network: Network, found: Diagnostics): void {
  lintBranchKernels(network, found);
  lintLinearChains(network, found);
  lintNaiveBranches(network, found);
  lintSoftmax(network, found);
  lintLosses(network, found);
}
