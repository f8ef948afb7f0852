/**
 * The first key that the outermost object of a JSON text has twice. `JSON.parse` keeps the last of
 * them silently, and two readers that disagree on which one counts load different weights.
 *
 * @param text valid JSON
 */
export function duplicateKey(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  let expectsKey = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const end = endOfString(text, i);
      if (depth === 1 && expectsKey) {
        const key = String(JSON.parse(text.slice(i, end + 1)));
        if (seen.has(key)) return key;
        seen.add(key);
        expectsKey = false;
      }
      i = end;
    } else if (c === "{" || c === "[") {
      depth++;
      expectsKey = depth === 1;
    } else if (c === "}" || c === "]") {
      depth--;
    } else if (c === "," && depth === 1) {
      expectsKey = true;
    }
  }
  return undefined;
}

/** The offset of the quote that ends the string which starts at `start`. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
  return i;
}
