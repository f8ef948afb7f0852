/**
 * Why a change of a spec's text cannot change what the spec means: its words and marks have no
 * other reading. `check --fix` writes what stands on one of these reasons and nothing else, so a
 * reason belongs here only if it excludes that something else was meant. What is likely (the
 * nearest name, the padding that would fit, a number that would) is a suggestion.
 */
export const certainties = {
  "other-mark": "the mark means here what the language writes otherwise, and nothing else",
  "same-number": "it is the same number or size, written as the language has it",
  "letter-case": "one word of the language differs from it in letter case alone",
  "no-item": "the mark separates nothing, and without it every item keeps its place",
  "only-mark": "only this mark can stand between the two",
  "only-place": "in one place alone the bracket lets the text be read",
} as const;

export type Certainty = keyof typeof certainties;
