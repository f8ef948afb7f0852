import type { Diagnostic } from "./diagnostic.js";
import { positionAt, rowText } from "./source.js";

/**
 * Collects the findings of one check. The same finding at the same place, which two expansions of
 * one module make, is kept once; a warning that the row before allows is not kept.
 */
export class Diagnostics {
  readonly #found = new Map<string, Diagnostic>();

  add(...findings: readonly Diagnostic[]): void {
    for (const finding of findings) {
      if (finding.severity === "warning" && isAllowed(finding)) continue;
      const { source, start, end } = finding.span;
      const key = JSON.stringify([finding.code, source.path, start, end, finding.message]);
      if (!this.#found.has(key)) this.#found.set(key, finding);
    }
  }

  get hasErrors(): boolean {
    return [...this.#found.values()].some(({ severity }) => severity === "error");
  }

  /** By path, then by place, then by code. */
  sorted(): Diagnostic[] {
    return [...this.#found.values()].sort(
      (a, b) =>
        compare(a.span.source.path, b.span.source.path) ||
        a.span.start - b.span.start ||
        compare(a.code, b.code),
    );
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `// allow style/branch-kernel: why`; a reason is asked for, and several may stand together. */
function isAllowed({ code, span }: Diagnostic): boolean {
  for (let line = positionAt(span.source, span.start).line - 1; line > 0; line--) {
    const allow = /^\s*\/\/\s*allow\s+([a-z/-]+)\s*:\s*\S/.exec(rowText(span.source, line));
    if (allow === null) return false;
    if (allow[1] === code) return true;
  }
  return false;
}
