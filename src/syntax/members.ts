import * as t from "../../grammar/tokens.js";
import { openBrackets } from "./brackets.js";
import type { TokenEdit } from "./parse-tokens.js";
import type { Scene } from "./scene.js";

/** What stands before a token within its braces. */
export interface Neighbour {
  readonly kind: "none" | "input" | "labels" | "train" | "flow";
  /** Of its first token; of the open brace where there is none. */
  readonly index: number;
}

/** The stage, branch or other member that begins last before a token, in the same braces. */
export function memberBefore(scene: Scene, index: number): Neighbour {
  let depth = 0;
  for (let i = index - 1; i >= 0; i--) {
    if (scene.is(i, t.RightBrace)) depth++;
    else if (scene.is(i, t.LeftBrace) && depth-- === 0) return { kind: "none", index: i };
    else if (depth === 0) {
      if (scene.is(i, t.Input)) return { kind: "input", index: i };
      if (scene.is(i, t.Labels)) return { kind: "labels", index: i };
      if (scene.is(i, t.Train)) return { kind: "train", index: i };
      if (scene.is(i, t.Output, t.Aux)) return { kind: "flow", index: i };
      if (isHead(scene, i) && !scene.is(i - 1, t.Input, t.Output))
        return { kind: "flow", index: i };
    }
  }
  return { kind: "none", index: -1 };
}

/** Whether `NAME :` stands there and is not an argument. */
export function isHead(scene: Scene, i: number): boolean {
  const named = (scene.is(i, t.Name) || scene.isKeyword(i)) && scene.is(i + 1, t.Colon, t.Equals);
  return named && !scene.is(i - 1, t.LeftParen, t.LeftBracket, t.Comma);
}

/** The first token at or after one at which the next member begins or the braces end. */
export function memberEnd(scene: Scene, index: number): number {
  let depth = 0;
  let i = index;
  for (; i < scene.tokens.length; i++) {
    if (scene.is(i, t.RightBrace) && depth-- === 0) break;
    if (scene.is(i, t.LeftBrace)) depth++;
    const begins = isHead(scene, i) || scene.is(i, t.Output, t.Aux, t.Labels, t.Train, t.Input);
    if (depth === 0 && i > index && begins && !scene.is(i - 1, t.Output, t.Input)) break;
  }
  return i;
}

/**
 * Puts something that parses in place of the member in which the parser stopped, so that what
 * comes after it is judged by itself. Undefined in the head of a declaration.
 */
export function stubMember(scene: Scene): TokenEdit | undefined {
  const brace = openBrackets(scene.tokens, scene.index).findLast((i) => scene.is(i, t.LeftBrace));
  if (brace === undefined) return undefined;
  const before = memberBefore(scene, scene.index);
  const end = memberEnd(scene, scene.index);
  const start = before.index > brace ? before.index : brace + 1;
  return { at: start, remove: end - start, insert: stubFor(scene, brace, before, start) };
}

function stubFor(scene: Scene, brace: number, before: Neighbour, at: number): TokenEdit["insert"] {
  if (
    before.kind === "input" ||
    (scene.is(0, t.Model) && isBodyOf(scene, brace, t.Model) && before.kind === "none")
  ) {
    return inputStub(scene, at).insert;
  }
  // Behind a colon stand the fields of a record.
  if (before.kind !== "none" || scene.is(brace - 1, t.Join, t.Train, t.Colon)) {
    return scene.insert(at, t.Name, t.Colon, t.Name).insert;
  }
  if (scene.is(0, t.Defaults)) {
    // Nothing at all is a list of fields and a list of operators.
    return [];
  }
  return scene.insert(at, t.Name).insert;
}

/** `input _: f32[_]` */
export const inputStub = (scene: Scene, at: number): TokenEdit =>
  scene.insert(at, t.Input, t.Name, t.Colon, t.F32, t.LeftBracket, t.Name, t.RightBracket);

/** Whether a brace is the outermost one, the body of the declaration itself. */
function isBodyOf(scene: Scene, brace: number, keyword: typeof t.Model): boolean {
  return scene.is(0, keyword) && openBrackets(scene.tokens, brace).length === 0;
}
