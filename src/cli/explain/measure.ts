/** How long a network takes on this machine. */
import { elements } from "../../ops/shape.js";
import type { Network } from "../../model/network.js";
import type { NetworkModule } from "../../runtime/module.js";
import { uniform } from "../../runtime/weights/random.js";

const warming = 3;
/** As many runs as fit into a second, and no fewer than five. */
const least = 5;
const budget = 1000;

/** The median milliseconds of a run of one image, with weights from a seed. */
export async function measured(net: NetworkModule, { inputs }: Network): Promise<number> {
  await using model = await net.load({ weights: "random:1" });
  const given = Object.fromEntries(
    inputs.map(({ name, shape }) => [name, uniform(name, elements(shape), -1, 1)]),
  );
  return await medianTime(() => model.run(given));
}

/** @param now the time in milliseconds */
export async function medianTime(
  run: () => Promise<unknown>,
  now = (): number => performance.now(),
): Promise<number> {
  for (let i = 0; i < warming; i++) await run();
  const times: number[] = [];
  const start = now();
  while (times.length < least || now() - start < budget) {
    const before = now();
    await run();
    times.push(now() - before);
  }
  times.sort((a, b) => a - b);
  const middle = Math.floor(times.length / 2);
  return times.length % 2 === 1 ? times[middle]! : (times[middle - 1]! + times[middle]!) / 2;
}
