import type { NetChain, NetStep } from "./network.js";

/** The chains inside a step, in order. */
export function subchains(step: NetStep): readonly NetChain[] {
  switch (step.kind) {
    case "op":
      return [];
    case "module":
    case "residual":
      return [step.body];
    case "join":
      return step.branches.map(({ chain }) => chain);
    case "repeat":
      return step.copies;
  }
}
