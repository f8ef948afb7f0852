/** What a terminal would obey and not print, or what would turn a row around (Trojan Source). */
export const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const each = new RegExp(unprintable, "gu");
const eachButRows = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text from a file, for one row of a message: each unprintable character becomes the escape that
 * JavaScript writes it by (`\n`, `\x1b`, `\u202e`), so that what is there can be seen.
 */
export const visible = (text: string): string => text.replace(each, escaped);

/** The same for text that has rows: line ends and tabs stay. */
export const visibleRows = (text: string): string =>
  text.replaceAll("\r\n", "\n").replace(eachButRows, escaped);

/** Names beyond this are cut in the middle: a file can hold one of a hundred megabytes. */
const longestName = 120;

/** A name from a file, visible and of bounded length. */
export function visibleName(name: string): string {
  if (name.length <= longestName) return visible(name);
  const half = longestName / 2 - 1;
  return `${visible(name.slice(0, half))}…${visible(name.slice(-half))}`;
}

function escaped(character: string): string {
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}

/** Compact or indented JSON with the same characters escaped: the same value to every reader. */
export const visibleJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replace(eachButRows, jsonEscaped);

const jsonEscaped = (character: string): string =>
  Array.from({ length: character.length }, (_, unit) => {
    const hex = character.charCodeAt(unit).toString(16);
    return `\\u${hex.padStart(4, "0")}`;
  }).join("");
