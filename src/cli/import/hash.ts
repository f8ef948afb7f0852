import { createHash } from "node:crypto";

/** Node takes at most 2 GiB at once, and a tensor may have four times that. */
const usualPiece = 1 << 28;

/** SHA-256 of the values' bytes. */
export function hashOf(
  { buffer, byteOffset, byteLength }: Float32Array,
  pieceBytes = usualPiece,
): string {
  const hash = createHash("sha256");
  for (let from = 0; from < byteLength; from += pieceBytes) {
    hash.update(new Uint8Array(buffer, byteOffset + from, Math.min(pieceBytes, byteLength - from)));
  }
  return hash.digest("hex");
}
