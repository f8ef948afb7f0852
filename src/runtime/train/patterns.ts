/** Patterns of parameter names, in which `*` stands for any text. */
import { suggest } from "../../diagnostics/suggest.js";
import { visibleName } from "../../diagnostics/visible.js";
import { starsOf } from "../stars.js";

/** Whether the whole name fits. */
export const fits = (pattern: string, name: string): boolean =>
  starsOf(pattern.split("*"), name) !== undefined;

/**
 * @param option as messages name it
 * @param what the names are of: `parameter that learns`
 * @throws TypeError for a pattern that no name fits, with the nearest
 */
export function requireFits(
  call: string,
  { option, what }: { readonly option: string; readonly what: string },
  patterns: readonly string[],
  names: readonly string[],
): void {
  const wrong = patterns.find((pattern) => !names.some((name) => fits(pattern, name)));
  if (wrong === undefined) return;
  const near = nearest(wrong, names);
  const hint = near === undefined ? `it has ${listed(names)}` : `did you mean ${near}?`;
  throw new TypeError(
    `${call}: ${option} has the pattern ${visibleName(wrong)}, which fits no ${what}; ${hint}`,
  );
}

/** A pattern's end is its own: names are compared up to the first `*`, by as many words. */
function nearest(pattern: string, names: readonly string[]): string | undefined {
  const whole = suggest(pattern, names);
  const star = pattern.indexOf("*");
  if (whole !== undefined || star <= 0) return whole;
  const [start, end] = [pattern.slice(0, star), pattern.slice(star)];
  const beginnings = names.flatMap((name) => {
    const words = name.split(".");
    return words.map((_, i) => words.slice(0, i + 1).join(".") + (start.endsWith(".") ? "." : ""));
  });
  const near = suggest(start, beginnings);
  return near === undefined ? undefined : near + end;
}

const listed = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : "."}`;
