/** Control characters, and what decoding leaves of bytes that are not UTF-8. */
const notText = /[\0-\x08\x0e-\x1f\x7f\u0080-\u009f\ufffd]/;

/**
 * The names of a list of labels: one class a row, trimmed, without blank rows at the end. ImageNet's
 * lists open each row with the synset's id, which nobody reads.
 *
 * @returns undefined where this is no text
 */
export function classNames(text: string): string[] | undefined {
  if (notText.test(text)) return undefined;
  const rows = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  while (rows.at(-1)?.trim() === "") rows.pop();
  return rows.map((row) => row.replace(/^n\d{8} /, "").trim());
}
