/** What `check --fix` makes of a spec in which something was changed. */
import { expect } from "vitest";
import { commentGroup, lexer } from "../../grammar/tokens.js";
import type { Source } from "../../src/diagnostics/diagnostic.js";
import { fixAll } from "../../src/diagnostics/fixes.js";
import { type Checked, checkSpec } from "../../src/model/check.js";
import { meaningOf } from "./meaning.js";

const check = (source: Source): Checked =>
  checkSpec(source, { read: () => ({ unread: "absent", near: undefined }) });

export const checkText = (text: string): Checked => check({ path: "a.incept", text });

export const fixText = (text: string): ReturnType<typeof fixAll> =>
  fixAll({ path: "a.incept", text }, (source) => check(source).diagnostics);

const comments = (text: string): string[] =>
  (lexer.tokenize(text).groups[commentGroup] ?? []).map(({ image }) => image);

/**
 * Holds a changed spec to the promise: what --fix leaves either does not compile, or is the network
 * that the spec was before; it is done at once, and no comment is lost.
 *
 * @returns whether a fix brought the network back
 */
export function isMended(changed: string, original: string): boolean {
  const { text, applied } = fixText(changed);
  if (applied === 0) {
    expect(text).toBe(changed);
    return false;
  }
  expect(comments(text)).toEqual(comments(changed));
  expect(fixText(text).applied).toBe(0);
  const { network } = checkText(text);
  const isSame = network === undefined || meaningOf(network) === original;
  expect(isSame, `what became another network:\n${text}`).toBe(true);
  return network !== undefined;
}
