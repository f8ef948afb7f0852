import { createHash } from "node:crypto";
import { type Reader, record, text, whole } from "./json.js";

/** What a file holds: its size, and the SHA-256 in hex digits. */
export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

export function digestOf(content: string | Uint8Array): Digest {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

export const sha256: Reader<string> = text(64, {
  pattern: /^[0-9a-f]{64}$/,
  expected: "a SHA-256 in 64 small hex digits",
});

export const digest = record<Digest>({ bytes: whole(0), sha256 });

/** What is wrong with a content that should be another one, as the end of a sentence. */
export function difference(content: Uint8Array, expected: Digest): string | undefined {
  if (content.length === 0 && expected.bytes > 0) return "is empty";
  if (content.length !== expected.bytes) {
    return `holds ${content.length} bytes, not ${expected.bytes}`;
  }
  return digestOf(content).sha256 === expected.sha256 ? undefined : "holds other bytes";
}
