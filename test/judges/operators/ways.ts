import type { Variant } from "../../support/quick-build.js";

/** How a network of calls is compiled to be judged. */
export interface Way extends Variant {
  readonly title: string;
  /** In place of each operator's own, where numbers are rounded more. */
  readonly tolerance?: number;
}

export const bothWays: readonly Way[] = [
  { title: "passes: true", passes: true },
  { title: "passes: false", passes: false },
];
