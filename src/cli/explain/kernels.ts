import { counted, millions } from "../../diagnostics/counted.js";
import { runNodes } from "../../graph/graph.js";
import type { Refused } from "../../kernels/selection.js";
import { runs } from "../../plan/place.js";
import { type Row, rowOf, totalsOf } from "../../plan/report.js";
import type { Program, TrainingProgram } from "../../targets/program.js";
import type { Compiled } from "../../targets/target.js";
import { convsInKernels } from "../kernel-counts.js";

type AnyCompiled = Compiled<Program | TrainingProgram>;

/** A launch: what it computes, by which kernel, and why by no other. */
export interface LaunchRow extends Row {
  /** `conv.direct` */
  readonly kernel: string;
  /** `1x6`: how the kernel is set up; empty where there is one way. */
  readonly tuning: string;
  /** What the kernel is thought to take, or was measured to, for one image on one core. */
  readonly nanoseconds: number;
  readonly measured: boolean;
  readonly refused: readonly Refused[];
}

/** In the order of the graph. */
export const launchRows = ({ plan, choice }: AnyCompiled): readonly LaunchRow[] =>
  runNodes(plan.graph)
    .filter((node) => runs(node, plan.placement))
    .map((node) => {
      const { kernel, tuning, cost, measured, refused } = choice(node);
      const row = rowOf(node, plan.graph, plan.placement);
      return { ...row, kernel, tuning, nanoseconds: Math.round(cost), measured, refused };
    });

/** `conv.direct 1x6` */
export const kernelCell = ({ kernel, tuning }: LaunchRow): string =>
  tuning === "" ? kernel : `${kernel} ${tuning}`;

/** Kernels that refused the same for the same reason, with how often. */
export function refusals(rows: readonly LaunchRow[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { kernel, why } of rows.flatMap(({ refused }) => refused)) {
    const text = `${kernel}: ${why}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `  ${text} (${count})`);
}

export function launchTotals(compiled: AnyCompiled, rows: readonly LaunchRow[]): string {
  const { parameters, macs } = totalsOf(compiled.plan.graph, compiled.plan.placement);
  const { name } = compiled.plan.graph;
  return (
    `${name}: ${counted(parameters, "parameter")}, ${millions(macs)} multiply-adds an image, ` +
    `${convsInKernels(compiled.program)}, ${counted(rows.length, "launch", "launches")}`
  );
}
