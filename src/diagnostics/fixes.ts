import type { Diagnostic, Source } from "./diagnostic.js";

/**
 * The source with the first fix of each finding applied, in order of place; a suggestion never is.
 * A fix that touches what an earlier one changed is left for the next round.
 *
 * @returns the new text, and how many fixes are in it
 */
export function applyFixes(
  source: Source,
  diagnostics: readonly Diagnostic[],
): { readonly text: string; readonly applied: number } {
  const chosen = diagnostics
    .flatMap(({ fixes }) => fixes.slice(0, 1))
    .map(({ edits }) => [...edits].sort((a, b) => a.span.start - b.span.start))
    .filter((edits) => edits.length > 0 && edits.every(({ span }) => span.source === source))
    .sort((a, b) => a[0]!.span.start - b[0]!.span.start);
  let text = "";
  let at = 0;
  let applied = 0;
  for (const edits of chosen) {
    if (applied > 0 && edits[0]!.span.start <= at) continue;
    for (const { span, text: replacement } of edits) {
      text += source.text.slice(at, span.start) + replacement;
      at = span.end;
    }
    applied++;
  }
  return { text: text + source.text.slice(at), applied };
}

/** A fix can bring another finding to light; this many rounds end what goes in circles. */
const rounds = 20;

/** The source with every fix applied, also of findings that only come to light by another fix. */
export function fixAll(
  source: Source,
  check: (source: Source) => readonly Diagnostic[],
): { readonly text: string; readonly applied: number } {
  let { text } = source;
  let total = 0;
  for (let round = 0; round < rounds; round++) {
    const current = { ...source, text };
    const { text: next, applied } = applyFixes(current, check(current));
    if (applied === 0) break;
    text = next;
    total += applied;
  }
  return { text, applied: total };
}
