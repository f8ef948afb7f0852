/**
 * Ends what cannot go on although nobody outside did anything wrong: the one way to say so. A wrong
 * spec is a diagnostic, a wrong call a TypeError or RangeError, a failing machine an `InceptError`.
 */
export function bug(text: string): never {
  throw new Error(`bug: ${text}`);
}
