import type { Source } from "../../diagnostics/diagnostic.js";
import { InceptError } from "../../diagnostics/incept-error.js";

/** A spec is refused beyond a million letters, which are at most as many bytes times three. */
const maxBytes = 4 << 20;

/**
 * A spec from stdin, as editors hand it over.
 *
 * @throws InceptError `file/too-large`
 */
export async function readStdin(): Promise<Source> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total > maxBytes) {
      throw new InceptError("file/too-large", `stdin has more than ${maxBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return { path: "<stdin>", text: Buffer.concat(chunks).toString("utf8") };
}
