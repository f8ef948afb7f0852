/**
 * What `check --fix` leaves of a spec with a slip in it either does not compile, or is the network
 * that the spec was before: no guess is ever written.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commentGroup, lexer } from "../../grammar/tokens.js";
import { fixAll } from "../../src/diagnostics/fixes.js";
import { checkSpec } from "../../src/model/check.js";
import { meaningOf } from "../support/meaning.js";

const text = readFileSync(join(import.meta.dirname, "every-construct.incept"), "utf8");
const { tokens } = lexer.tokenize(text);

const check = (written: string) => checkSource({ path: "a.incept", text: written });
const checkSource = (source: Parameters<typeof checkSpec>[0]) =>
  checkSpec(source, { read: () => undefined });
const fixed = (written: string) =>
  fixAll({ path: "a.incept", text: written }, (source) => checkSource(source).diagnostics);

const comments = (written: string): string[] =>
  (lexer.tokenize(written).groups[commentGroup] ?? []).map(({ image }) => image);

const original = meaningOf(check(text).network!);

/** What must hold for a spec with a slip; whether it came out as it was before. */
function isMended(mutated: string): boolean {
  const { text: mended, applied } = fixed(mutated);
  if (applied === 0) {
    expect(mended).toBe(mutated);
    return false;
  }
  expect(comments(mended)).toEqual(comments(mutated));
  expect(fixed(mended).applied).toBe(0);
  const { network } = check(mended);
  if (network !== undefined) expect(meaningOf(network)).toBe(original);
  return network !== undefined;
}

/** How many specs with a slip in the place of a token came out as they were before. */
function mended(slip: (start: number, end: number, index: number) => string): number {
  let count = 0;
  for (const [i, { startOffset: start, image }] of tokens.entries()) {
    if (isMended(slip(start, start + image.length, i))) count++;
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
    const between = text.slice(end, next.startOffset);
    return (
      text.slice(0, start) +
      next.image +
      between +
      text.slice(start, end) +
      text.slice(endOf(i + 1))
    );
  });
});
