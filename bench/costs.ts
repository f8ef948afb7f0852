/**
 * `npm run bench:costs -- [EXAMPLE…]`: what kernels say that they cost beside what they take, of every
 * distinct layer of the examples by the best way of each kernel, on one core as costs are stated.
 *
 *     npm run bench:costs -- --cpu avx2 googlenet
 */
import { cpus } from "node:os";
import { measureLayers } from "../src/build/tune/measure-layers.js";
import { tunable } from "../src/build/tune/tune.js";
import type { TunedLayer } from "../src/build/tune/layers.js";
import { wayName } from "../src/kernels/forced.js";
import type { Considered } from "../src/kernels/selection.js";
import { checkFile } from "../src/model/check-file.js";
import type { CandidateOptions } from "../src/targets/cpu/candidate.js";
import { exampleSpec } from "../test/support/examples.js";
import { costsJson, costsText, type Priced } from "./costs-report.js";
import { costsOptions } from "./options.js";

const { examples, level, precision, rounds, json } = costsOptions(process.argv.slice(2));
const priced: Priced[] = [];
// A layer of several networks counts once: what lies around it differs, and its cost does not say so.
const seen = new Set<string>();
for (const name of examples) {
  process.stderr.write(`${name}\n`);
  priced.push(...(await pricedLayers(name, { level, precision }, rounds, seen)));
}
const where = `${cpus()[0]?.model ?? "?"}, ${level}, ${precision}`;
process.stdout.write(json ? costsJson(where, priced) : costsText(where, priced));

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
