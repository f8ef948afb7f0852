import type { Certainty } from "./certainty.js";
import type { Diagnostic, Edit, Fix, Span, Suggestion } from "./diagnostic.js";
import { nearest } from "./suggest.js";

/** Of a finding's place: what a person reads, and the same as a change that is certain or likely. */
export interface Mending {
  readonly help: string;
  readonly fixes?: readonly Fix[];
  readonly suggestions?: readonly Suggestion[];
}

/** Help, and a change that `check --fix` writes, for a reason that excludes another reading. */
export const fixing = (because: Certainty, title: string, ...edits: readonly Edit[]): Mending => ({
  help: title,
  fixes: [{ title, edits, because }],
});

/** Help, and a change that is shown and never applied. */
export const suggesting = (title: string, ...edits: readonly Edit[]): Mending => ({
  help: title,
  suggestions: [{ title, edits }],
});

/** One of the two, as what is certain says. */
export const mending = (
  because: Certainty | undefined,
  title: string,
  ...edits: readonly Edit[]
): Mending =>
  because === undefined ? suggesting(title, ...edits) : fixing(because, title, ...edits);

/** The finding with its fixes taken for suggestions. */
export const uncertain = (found: Diagnostic): Diagnostic => ({
  ...found,
  fixes: [],
  suggestions: [...found.fixes.map(({ title, edits }) => ({ title, edits })), ...found.suggestions],
});

/** What a word was compared with: words of the language, and names that the spec declares. */
export interface Candidates {
  readonly words?: readonly string[];
  readonly names?: readonly string[];
}

/** Candidates that are equally near and named, the first of them. */
const mostNamed = 3;

/**
 * The same for a word that resembles some of the candidates; nothing where none is near. A word of
 * the language that differs in letter case alone, and is the only candidate that does, is certain;
 * a declared name never is, since another one may have been meant.
 */
export function likening(
  written: string,
  { words = [], names = [] }: Candidates,
  span: Span,
): Partial<Mending> {
  const near = nearest(written, [...names, ...words]);
  if (near === undefined) return {};
  const shown = near.words.slice(0, mostNamed);
  const help = `did you mean ${oneOf(shown)}?`;
  const [first, ...others] = shown;
  const isCertain = near.distance === 0 && others.length === 0 && words.includes(first!);
  if (isCertain && !names.includes(first!)) {
    return { ...fixing("letter-case", `write ${first}`, { span, text: first! }), help };
  }
  return {
    help,
    suggestions: shown.map((text) => ({ title: `write ${text}`, edits: [{ span, text }] })),
  };
}

const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)!}`;
