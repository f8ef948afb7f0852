/**
 * What each `*` of a pattern stands for, given as the texts between the stars; undefined unless the whole
 * text fits. Each piece is taken where it first comes, so that no pattern takes long.
 */
export function starsOf(pieces: readonly string[], text: string): readonly string[] | undefined {
  const [first = "", ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return text === first ? [] : undefined;
  if (!text.startsWith(first)) return undefined;
  const found: string[] = [];
  let at = first.length;
  for (const piece of others) {
    const next = text.indexOf(piece, at);
    if (next === -1) return undefined;
    found.push(text.slice(at, next));
    at = next + piece.length;
  }
  if (text.length - at < last.length || !text.endsWith(last)) return undefined;
  return [...found, text.slice(at, text.length - last.length)];
}
