import { wayName } from "../../kernels/forced.js";
import type { Network } from "../../model/network.js";
import { type CandidateOptions, candidateProgram } from "../../targets/cpu/candidate.js";
import type { TunedLayer } from "./layers.js";
import { measure, type Timing, type TuneEvent } from "./measure.js";

export interface MeasuredLayer extends TunedLayer {
  /** By the ways' names; of one image, by all threads. */
  readonly microseconds: ReadonlyMap<string, number>;
}

/**
 * Times every way of every layer.
 *
 * @throws InceptError as `measure` does
 */
export async function measureLayers(
  network: Network,
  layers: readonly TunedLayer[],
  options: CandidateOptions,
  timing: Timing,
  report: (event: TuneEvent) => void,
): Promise<{ readonly threads: number; readonly layers: readonly MeasuredLayer[] }> {
  const candidates = layers.flatMap(({ key, node, ways }) =>
    ways.map((way) => ({
      title: `${key}: ${wayName(way.kernel, way.tuning)}`,
      program: candidateProgram(node, way, options),
    })),
  );
  const { threads, nanoseconds } = await measure(network, candidates, timing, report);
  let next = 0;
  const measured = layers.map((layer): MeasuredLayer => {
    const times = layer.ways.map(({ kernel, tuning }) => {
      return [wayName(kernel, tuning), nanoseconds[next++]! / 1000] as const;
    });
    return { ...layer, microseconds: new Map(times) };
  });
  return { threads, layers: measured };
}
