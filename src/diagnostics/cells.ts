import { unprintable } from "./visible.js";

/** A piece of source as a terminal shows it. */
export interface Shown {
  readonly text: string;
  /** The terminal column of each UTF-16 unit, and of the end. */
  readonly columns: readonly number[];
}

const tabWidth = 2;
const combining = /\p{M}/u;
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u;

/** Text safe to print: one replacement character for each that is not. */
export const printable = (text: string): string => show(text).text;

export function show(text: string): Shown {
  let shown = "";
  let column = 0;
  const columns: number[] = [];
  for (const character of text) {
    for (let unit = 0; unit < character.length; unit++) columns.push(column);
    shown += face(character);
    column += cells(character);
  }
  return { text: shown, columns: [...columns, column] };
}

function face(character: string): string {
  if (character === "\t") return " ".repeat(tabWidth);
  return unprintable.test(character) ? "\uFFFD" : character;
}

function cells(character: string): number {
  if (character === "\t") return tabWidth;
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
