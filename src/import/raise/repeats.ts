/** Steps that follow one another as they are: `repeat(6) { DenseLayer }`. */
import { flatText } from "./layout.js";
import { type Chain, innerChains, type Step } from "./tree.js";

/** A pair is repeated where it is long: `Fire(64) -> Fire(64)` says no more. */
const fewest = 3;
const longPair = 60;
/** Steps of a copy, at most. */
const longest = 4;

/** Puts `repeat` in the place of runs, innermost first. */
export function repeatRuns(chains: readonly Chain[]): void {
  for (const chain of chains) {
    chain.steps.forEach((step) => repeatRuns(innerChains(step)));
    chain.steps = repeated(chain.steps);
  }
}

export function repeated(steps: readonly Step[]): readonly Step[] {
  const texts = steps.map((step) => flatText({ steps: [step] }));
  const result: Step[] = [];
  for (let i = 0; i < steps.length;) {
    const run = runAt(texts, i);
    if (run === undefined) {
      result.push(steps[i++]!);
      continue;
    }
    const { entering, hint } = steps[i]! as Exclude<Step, { kind: "repeat" }>;
    const body = { steps: steps.slice(i, i + run.length) };
    result.push({ kind: "repeat", count: run.count, body, entering, hint });
    i += run.length * run.count;
  }
  return result;
}

function runAt(
  texts: readonly string[],
  start: number,
): { readonly length: number; readonly count: number } | undefined {
  for (let length = 1; length <= longest; length++) {
    const copy = texts.slice(start, start + length);
    // In each copy `in` would be what enters that one.
    if (copy.length < length || copy.some((text) => /\bin\b/.test(text))) return undefined;
    let count = 1;
    while (copy.every((text, i) => texts[start + count * length + i] === text)) count++;
    const isLong = copy.join(" -> ").length >= longPair;
    if (count >= fewest || (count === 2 && isLong)) return { length, count };
  }
  return undefined;
}
