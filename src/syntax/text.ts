import { diagnostic } from "../diagnostics/catalogue.js";
import type { Diagnostic, Source } from "../diagnostics/diagnostic.js";

/** In UTF-16 units; no network needs a tenth of it. */
export const maxLength = 1 << 20;

// Everything below a space but tab and line ends; DEL; C1; what UTF-8 decoding leaves of bytes
// that are not UTF-8; halves of a surrogate pair.
const notText =
  /[\0-\x08\x0e-\x1f\x7f-\x9f\ufffd]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Two letters as UTF-16 has them, behind its mark or not: every other byte is 0. */
const utf16 = /^(?:\ufffd\ufffd)?(?:[^\0]\0[^\0]\0|\0[^\0]\0[^\0])/;

/** What keeps a text from being looked at further; undefined where nothing does. */
export function refuseText(source: Source): Diagnostic | undefined {
  const { text } = source;
  if (text.length > maxLength) {
    return diagnostic(
      "syntax/too-large",
      { length: text.length, limit: maxLength },
      { span: { source, start: 0, end: 0 } },
    );
  }
  const at = text.search(notText);
  if (at < 0) return undefined;
  return diagnostic(
    "syntax/binary",
    {},
    {
      span: { source, start: at, end: at + 1 },
      label: utf16.test(text) ? "this is UTF-16" : strangeness(text.charCodeAt(at)),
      help: "name a .incept file that is saved as UTF-8",
    },
  );
}

const strangeness = (code: number): string =>
  code === 0xfffd
    ? "this is not UTF-8"
    : `the character U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
