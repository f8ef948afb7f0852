/** What of a stage, output or branch can stand in columns with that of others. */
import type { OutputCstNode, StageCstNode } from "../../../grammar/cst.generated.js";
import * as t from "../../../grammar/tokens.js";
import { typesLike } from "../token-sets.js";
import type { Tape } from "./tape.js";

const comma = typesLike(t.Comma);
const colon = typesLike(t.Colon);

export interface Line {
  readonly kind: "stage" | "output";
  readonly first: number;
  /** How wide it is up to its colon; undefined where a row must end before. */
  readonly label: number | undefined;
  /** The module that a stage's first step calls. */
  readonly callee: string | undefined;
  /** That call, where it can stand on the label's row. */
  readonly call: Call | undefined;
  /** Whether the call is all of its steps, and has `as` behind it. */
  readonly isRenamed: boolean;
  /** Whether its first step is a call at all. */
  readonly isCall: boolean;
  /** Whether it stands just below the one before, without a blank row or a comment between. */
  readonly isNext: boolean;
}

export interface Call {
  /** Of its tokens: the name, and the last one. */
  readonly name: number;
  readonly last: number;
  readonly args: readonly Arg[];
  /** What calls have in common that make a table. */
  readonly signature: string;
}

export interface Arg {
  readonly first: number;
  readonly last: number;
}

/**
 * Nothing of it hangs on where rows end that need not, so that what is printed is read the same way.
 *
 * @param modules names of those that the file declares or imports
 */
export function lineOf(
  tape: Tape,
  node: StageCstNode | OutputCstNode,
  modules: ReadonlySet<string>,
  widest: number,
): Line {
  const { Colon, flow } = node.children;
  const first = tape.startOf(node);
  const end = tape.indexOf(Colon[0]!);
  const { From, chain } = flow[0]!.children;
  const { step } = chain[0]!.children;
  const found = From === undefined ? step[0]?.children.call?.[0] : undefined;
  const name = found?.children.Name[0]?.image ?? "";
  const kind = node.name === "output" ? "output" : "stage";
  const callee = kind === "stage" && modules.has(name) ? name : undefined;
  const call = found && callee ? callOf(tape, tape.startOf(found), tape.endOf(found)) : undefined;
  const fits =
    call !== undefined &&
    !isRemarkedBefore(tape, first, call.name) &&
    !tape.breaksWithin(first, call.last) &&
    tape.width(first, tape.tail(call.last)) <= widest;
  return {
    kind,
    first,
    label: tape.breaksWithin(first, end) ? undefined : tape.width(first, end),
    callee,
    call: fits ? call : undefined,
    isRenamed: step.length === 1 && step[0]?.children.As !== undefined,
    isCall: found !== undefined,
    isNext: isNext(tape, first),
  };
}

/** Whether a comment stands on the row before the call, which would push it out of its column. */
function isRemarkedBefore({ gaps }: Tape, first: number, call: number): boolean {
  const { remarks, rows } = gaps[first]!;
  const within = gaps.slice(first + 1, call + 1);
  return (remarks.length > 0 && rows === 0) || within.some((gap) => gap.remarks.length > 0);
}

/** Where a comment stands behind the one before, its row ends there. */
function isNext(tape: Tape, first: number): boolean {
  const { remarks, rows } = tape.gaps[first]!;
  const isBehind = remarks.every((remark) => remark.rows === 0 && !remark.text.includes("\n"));
  return isBehind && (remarks.length === 0 ? rows < 2 : rows === 1);
}

function callOf(tape: Tape, name: number, last: number): Call {
  const args: Arg[] = [];
  const names: string[] = [];
  for (let at = name + 2; at < last;) {
    const end = tape.itemEnd(at, last);
    const isComma = tape.is(end, comma);
    args.push({ first: at, last: isComma ? end - 1 : end });
    names.push(tape.is(at + 1, colon) ? tape.image(at) : "");
    at = end + 1;
  }
  return { name, last, args, signature: `${tape.image(name)}(${names.join()})` };
}
