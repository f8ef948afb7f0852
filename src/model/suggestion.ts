import type { Fix, Span } from "../diagnostics/diagnostic.js";
import { suggest } from "../diagnostics/suggest.js";

interface Suggestion {
  readonly help?: string;
  readonly fixes?: readonly Fix[];
}

/** Help and fix for a name that is nearly one of the candidates. */
export function didYouMean(written: string, candidates: Iterable<string>, span: Span): Suggestion {
  const names = [...candidates];
  const near = suggest(written, names) ?? names.find((name) => begins(written, name));
  if (near === undefined) return {};
  return {
    help: `did you mean ${near}?`,
    fixes: [{ title: `Write ${near}`, edits: [{ span, text: near }] }],
  };
}

/** `MaxPool2d`, `padding` and `activation` begin with what is meant. */
const begins = (written: string, name: string): boolean =>
  name.length >= 3 && written.toLowerCase().startsWith(name.toLowerCase());

const most = 8;

/** `a, b and c`; long lists end in how many more there are. */
export function listed(names: readonly string[]): string {
  if (names.length > most)
    return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}
