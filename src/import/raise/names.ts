/** Names that a spec may hold: legal, none of its words, each once. */
import { keywords as tokens } from "../../../grammar/tokens.js";

const keywords = new Set(["f32", "in", ...tokens.map(({ PATTERN }) => (PATTERN as RegExp).source)]);

/** What stands in the text as a name; empty where nothing of it can. */
export const legal = (text: string): string => {
  const name = text
    .replace(/[^A-Za-z0-9_]+/g, "_")
    .replace(/^_+(?=[A-Za-z])|_+$/g, "")
    .slice(0, 60);
  if (!/[A-Za-z]/.test(name)) return "";
  const safe = /^[A-Za-z_]/.test(name) ? name : `_${name}`;
  return keywords.has(safe) ? `${safe}_` : safe;
};

/**
 * What somebody called something, as far as a spec can say it; empty where it is a word of the language,
 * or where an exporter that knew no name took the one of what computes it.
 */
export const given = (text: string): string => {
  const name = legal(text);
  return name.endsWith("_") || calledAsNode.test(name) ? "" : name;
};

const calledAsNode =
  /^(linear|addmm|mm|matmul|conv2d|convolution|(log_)?softmax|sigmoid|tanh|(leaky_)?relu6?|silu|gelu|add|mul|div|cat|view|reshape|flatten|squeeze|mean|clone|permute|transpose|\w*pool2d|upsample\w*)(_\d+)?$/;

export class Names {
  private readonly taken = new Set<string>();
  private readonly counts = new Map<string, number>();

  /** The name itself, or with the next number where it is taken. */
  claim(name: string): string {
    return this.taken.has(name) ? this.numbered(name) : this.keep(name);
  }

  /** `conv_1`, `conv_2` */
  numbered(stem: string): string {
    for (;;) {
      const count = (this.counts.get(stem) ?? 0) + 1;
      this.counts.set(stem, count);
      const name = `${stem}_${count}`;
      if (!this.taken.has(name)) return this.keep(name);
    }
  }

  private keep(name: string): string {
    this.taken.add(name);
    return name;
  }
}
