import type { InceptErrorCode } from "./error-codes.js";
import { visibleRows } from "./visible.js";

/**
 * A failing machine or file: no compiler, no GPU, a truncated checkpoint, a full disk. A finding
 * in the user's source is a diagnostic instead, and a wrong call a TypeError or RangeError.
 * Messages name files and what is in them: none of it reaches a terminal as a command.
 */
export class InceptError extends Error {
  override readonly name = "InceptError";
  /** `area/kebab-code`, explained in docs/errors.md: a `switch` over it completes in an editor. */
  readonly code: InceptErrorCode;
  /** What to do about it, as the exact text to type where there is one. */
  readonly help?: string;

  constructor(
    code: InceptErrorCode,
    message: string,
    options: { help?: string; cause?: unknown } = {},
  ) {
    super(visibleRows(message), "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    if (options.help !== undefined) this.help = visibleRows(options.help);
    // What Node prints of an uncaught error opens with the stack's first row.
    if (this.stack !== undefined)
      this.stack = this.stack.replace(/^\w*Error/, `InceptError [${code}]`);
  }

  /** `InceptError [weights/missing]: …`, then the help on a row of its own. */
  override toString(): string {
    const help = this.help === undefined ? "" : `\n  help: ${this.help}`;
    return `${this.name} [${this.code}]: ${this.message}${help}`;
  }
}
