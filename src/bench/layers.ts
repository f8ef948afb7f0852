/** How long each layer takes: a build that is timed, run in a process of its own. */
import { rowOf } from "../plan/report.js";
import type { Shape } from "../ops/shape.js";
import type { InferenceSection } from "../targets/program.js";
import type { Compiled } from "../targets/target.js";
import { isBarrier } from "../emit/parts.js";
import type { Contestant } from "./contestant.js";
import { summarise } from "./timing.js";

/** What a section of the program computes, and by which kernel. */
export interface Layer {
  readonly paths: readonly string[];
  /** `conv 3x3 128 pad 1 relu` */
  readonly operator: string;
  /** Of one image. */
  readonly outputs: readonly Shape[];
  readonly kernel: string;
  readonly tuning: string;
  /** Multiply-adds of one image. */
  readonly macs: number;
}

export interface TimedLayer extends Layer {
  /** Of the batch: half of the runs took less. One that overslept a barrier finds the next layer done. */
  readonly nanoseconds: number;
}

/** In the order of the program, which is that of the laps. Only of the CPU. */
export function layersOf({ program, plan, choice }: Compiled): readonly Layer[] {
  if (program.target !== "cpu") return [];
  const sections = program.run.filter((item): item is InferenceSection => !isBarrier(item));
  return sections.map(({ paths, what, node }): Layer => {
    if (node === undefined) {
      const none = { kernel: "store", tuning: "", macs: 0 };
      return { paths, operator: what, outputs: [], ...none };
    }
    const { outputs, macs } = rowOf(node, plan.graph, plan.placement);
    const { kernel, tuning } = choice(node);
    return { paths, operator: what, outputs, kernel, tuning, macs };
  });
}

/** @param contestant a timed build, which has been given its input */
export async function timeLayers(
  contestant: Contestant,
  layers: readonly Layer[],
  runs: number,
): Promise<readonly TimedLayer[]> {
  const asked = { ask: "laps", runs, sections: layers.length } as const;
  const { nanoseconds } = await contestant.ask(asked);
  return layers.map((layer, i) => {
    const times = nanoseconds.map((run) => run[i]!);
    return { ...layer, nanoseconds: summarise(times).median };
  });
}
