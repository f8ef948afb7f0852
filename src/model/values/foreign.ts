/** Names of other frameworks in a spec, told apart from misspellings of ours. */
import type { Span } from "../../diagnostics/diagnostic.js";
import { likening, type Candidates, type Mending } from "../../diagnostics/mending.js";
import { nearest } from "../../diagnostics/suggest.js";
import { foreignNames, foreignOperator, plain } from "../../ops/foreign/find.js";
import type { Foreign } from "../../ops/foreign/table.js";

/** What is written in place of a foreign name, and how far it is the same. */
export function helpOf({ write, note }: Pick<Foreign, "write" | "note">): string {
  const said = note === undefined ? [] : [note];
  return write === undefined
    ? ["nothing here equals it", ...said].join(": ")
    : [`write ${write}`, ...said].join("; ");
}

/** Help for an operator that nobody has: the nearest of ours, unless a foreign one is as near. */
export function likeOperator(
  written: string,
  candidates: Candidates,
  span: Span,
): Partial<Mending> {
  const { names = [], words = [] } = candidates;
  const ours = nearest(written, [...names, ...words]);
  const theirs = nearest(plain(written), foreignNames);
  const near = likening(written, candidates, span);
  const [name] = theirs?.words ?? [];
  const foreign = name === undefined ? undefined : foreignOperator(name);
  if (theirs === undefined || foreign === undefined) return near;
  if (ours === undefined || ours.distance > theirs.distance) {
    return { help: `did you mean ${name}? It is not supported; ${helpOf(foreign)}` };
  }
  const isOurs = ours.distance < theirs.distance || ours.words.includes(foreign.same ?? "");
  if (isOurs) return near;
  return { ...near, help: near.help!.replace(/\?$/, `, or ${name}, which is not supported?`) };
}
