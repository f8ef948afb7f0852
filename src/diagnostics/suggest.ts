/** Nobody misspells a longer word by a letter, and the comparison is quadratic. */
const longest = 64;

/** The candidate nearest to what was written, the first among equals, or undefined. */
export const suggest = (written: string, candidates: Iterable<string>): string | undefined =>
  nearest(written, candidates)?.words[0];

/**
 * All candidates that are as near as any to what was written, or undefined where none is near
 * enough to be meant: at most a third of the letters differ, two in six. Case alone is always near,
 * at a distance of 0.
 */
export function nearest(
  written: string,
  candidates: Iterable<string>,
): { readonly words: readonly string[]; readonly distance: number } | undefined {
  let words: string[] = [];
  let least = Math.max(1, Math.floor(written.length / 3)) + 1;
  for (const candidate of new Set(candidates)) {
    if (candidate === written || candidate.length > longest || written.length > longest) continue;
    const distance =
      candidate.toLowerCase() === written.toLowerCase() ? 0 : editDistance(written, candidate);
    // A candidate of which every letter would be exchanged is no likeness.
    if (distance >= candidate.length || distance >= written.length) continue;
    if (distance === least && words.length > 0) words.push(candidate);
    if (distance >= least) continue;
    words = [candidate];
    least = distance;
  }
  return words.length === 0 ? undefined : { words, distance: least };
}

/**
 * Letters inserted, dropped, exchanged or swapped with their neighbour to get from one word to
 * the other (Damerau 1964, in the restricted form where no part is edited twice).
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, at(beforeLast, j - 2) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
