import { positionAt } from "../../diagnostics/source.js";
import type { Span } from "../../diagnostics/diagnostic.js";
import type { Name } from "../../syntax/ast.js";
import { report } from "./site.js";
import type { Site } from "./unit.js";

/** Names appear in paths, files and messages. */
const longest = 100;

/** The names of one place, each of them once. */
export class Claims {
  private readonly taken = new Map<string, Span>();

  /** `what` in the plural: `stages`, `branches`. */
  constructor(
    private readonly what: string,
    private readonly site: Site,
  ) {}

  /** False, with a finding, where another one has the name or nobody could read it. */
  claim({ text, span }: Name): boolean {
    if (text.length > longest) {
      report(this.site, "name/too-long", { length: text.length, limit: longest }, { span });
      return false;
    }
    const first = this.taken.get(text);
    if (first !== undefined) {
      const label = `the first is ${placeOf(first, span)}`;
      report(this.site, "name/duplicate", { what: this.what, name: text }, { span, label });
      return false;
    }
    this.taken.set(text, span);
    return true;
  }
}

/** `in row 12`, with the file where it is another one. */
export function placeOf(span: Span, from: Span): string {
  const { line } = positionAt(span.source, span.start);
  return span.source === from.source ? `in row ${line}` : `${span.source.path}:${line}`;
}
