/**
 * `npm run bench:costs -- [EXAMPLE…]`: what kernels say that they cost beside what they take, of every
 * distinct layer of the examples by the best way of each kernel, on one core as costs are stated.
 */
import { cpus } from "node:os";
import { Command } from "commander";
import { measureLayers } from "../src/build/tune/measure-layers.js";
import { tunable } from "../src/build/tune/tune.js";
import type { TunedLayer } from "../src/build/tune/layers.js";
import { wayName } from "../src/kernels/forced.js";
import type { Considered } from "../src/kernels/selection.js";
import { checkFile } from "../src/model/check-file.js";
import { precisionOption } from "../src/cli/options.js";
import type { CandidateOptions } from "../src/targets/cpu/candidate.js";
import { type CpuPrecision, hostLevel } from "../src/targets/cpu/level.js";
import { builtExamples, exampleSpec } from "../test/support/examples.js";
import { costsJson, costsText, type Priced } from "./costs-report.js";

interface Flags {
  readonly rounds: string;
  readonly precision: CpuPrecision;
  readonly json?: boolean;
}

await new Command("npm run bench:costs --")
  .description("what kernels say that they cost, beside what they take")
  .argument("[example...]", "names below examples/ (default: those that tests build)")
  .option("--rounds <n>", "how often each is timed; the least time counts", "30")
  .addOption(precisionOption(["f32", "bf16"]))
  .option("--json", "every layer, as JSON")
  .action(async (names: readonly string[], { rounds, precision, json }: Flags) => {
    const made = { level: hostLevel(precision), precision };
    const priced: Priced[] = [];
    // A layer of several networks counts once: what lies around it differs, and its cost does not say so.
    const seen = new Set<string>();
    for (const name of names.length === 0 ? builtExamples : names) {
      process.stderr.write(`${name}\n`);
      priced.push(...(await pricedLayers(name, made, Number(rounds), seen)));
    }
    const where = `${cpus()[0]?.model ?? "?"}, ${made.level}, ${precision}`;
    process.stdout.write(json === true ? costsJson(where, priced) : costsText(where, priced));
  })
  .parseAsync();

async function pricedLayers(
  name: string,
  made: Required<CandidateOptions>,
  rounds: number,
  seen: Set<string>,
): Promise<readonly Priced[]> {
  const spec = exampleSpec(name);
  const { network } = checkFile(spec, {});
  if (network === undefined) throw new Error(`${name} has errors`);
  const { layers, bytes } = tunable(
    { spec, network, target: "cpu", precision: made.precision },
    made.level,
    1,
  );
  const fresh = layers.filter(({ key }) => !seen.has(key)).map(bestOfEach);
  for (const { key } of fresh) seen.add(key);
  if (fresh.length === 0) return [];
  const timing = { threads: 1, rounds, bytes };
  const measured = await measureLayers(network, fresh, made, timing, () => undefined);
  return measured.layers.flatMap(({ key, chosen, ways, microseconds }) =>
    ways.map((way): Priced => {
      const own = wayName(way.kernel, way.tuning);
      return {
        ...{ network: name, layer: key, kernel: way.kernel, way: own, chosen: own === chosen },
        stated: way.cost / 1000,
        measured: microseconds.get(own)!,
      };
    }),
  );
}

/** Of each kernel the way that it would be taken by; and what was chosen. */
function bestOfEach(layer: TunedLayer): TunedLayer {
  const best = new Map<string, Considered>();
  for (const way of layer.ways) {
    const known = best.get(way.kernel);
    if (known === undefined || way.total < known.total) best.set(way.kernel, way);
  }
  return { ...layer, ways: [...best.values()] };
}
