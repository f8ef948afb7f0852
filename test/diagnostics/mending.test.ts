import { expect, test } from "vitest";
import { likening, type Candidates } from "../../src/diagnostics/mending.js";

const span = { source: { path: "a.incept", text: "ReLU" }, start: 0, end: 4 };

/** What would be written in place of the word, by certainty. */
function changes(written: string, candidates: Candidates): { fixes: string[]; guesses: string[] } {
  const { fixes = [], suggestions = [] } = likening(written, candidates, span);
  const texts = (all: readonly { edits: readonly { text: string }[] }[]): string[] =>
    all.flatMap(({ edits }) => edits.map(({ text }) => text));
  return { fixes: texts(fixes), guesses: texts(suggestions) };
}

test("only the letter case of a word of the language is certain", () => {
  expect(changes("ReLU", { words: ["relu", "tanh"] })).toEqual({ fixes: ["relu"], guesses: [] });
  expect(changes("rleu", { words: ["relu", "tanh"] })).toEqual({ fixes: [], guesses: ["relu"] });
});

test("the letter case of a declared name, or of one of several words, is a guess", () => {
  expect(changes("Stem", { names: ["stem"] })).toEqual({ fixes: [], guesses: ["stem"] });
  expect(changes("RELU", { words: ["relu"], names: ["ReLU"] }).fixes).toEqual([]);
  expect(changes("banana", { words: ["relu"] })).toEqual({ fixes: [], guesses: [] });
});
