/** No slip of the pen in the marks of a spec leads `check --fix` to another network. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lexer } from "../../grammar/tokens.js";
import { checkText, isMended } from "../support/fixing.js";
import { meaningOf } from "../support/meaning.js";

const text = readFileSync(join(import.meta.dirname, "every-construct.incept"), "utf8");
const { tokens } = lexer.tokenize(text);
const original = meaningOf(checkText(text).network!);

/** How many specs with a slip in the place of a token came out as they were before. */
function mended(slip: (start: number, end: number, index: number) => string): number {
  let count = 0;
  for (const [i, { startOffset: start, image }] of tokens.entries()) {
    if (isMended(slip(start, start + image.length, i), original)) count++;
  }
  return count;
}

const without = (from: number, to: number): string => `${text.slice(0, from)} ${text.slice(to)}`;
const endOf = (index: number): number =>
  (tokens[index]?.startOffset ?? text.length) + (tokens[index]?.image.length ?? 0);

test("a token that is lost", () => {
  expect(mended(without)).toBeGreaterThan(50);
});

test("a token that is typed twice", () => {
  const twice = (start: number, end: number): string =>
    text.slice(0, end) + text.slice(start, end) + text.slice(end);
  expect(mended(twice)).toBeGreaterThan(40);
});

test("a token and the next one, lost together or exchanged", () => {
  const isHead = (i: number): boolean => /^(residual|repeat)$/.test(tokens[i - 1]?.image ?? "");
  // A body without its head is what is written then: its brace closes nothing.
  mended((start, _, i) => (isHead(i) || isHead(i + 1) ? text : without(start, endOf(i + 1))));
  mended((start, end, i) => {
    const next = tokens[i + 1];
    if (next === undefined) return text;
    const [first, second] = [text.slice(start, end), next.image];
    const between = text.slice(end, next.startOffset);
    return text.slice(0, start) + second + between + first + text.slice(endOf(i + 1));
  });
});
