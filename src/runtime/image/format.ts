/**
 * What a picture is encoded as, by its first bytes. Only these are handed to the decoder: it would
 * also render SVG and whatever else it was built with.
 */
export type Format = "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff";

/** As many first bytes of a picture tell its format. */
export const signatureBytes = 64;

export function formatOf(bytes: Uint8Array): Format | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, signatureBytes));
  const text = head.toString("latin1");
  return signatures.find(([, signature]) => signature.test(text))?.[0];
}

const signatures: readonly (readonly [Format, RegExp])[] = [
  ["jpeg", /^\xff\xd8\xff/],
  ["png", /^\x89PNG\r\n\x1a\n/],
  ["webp", /^RIFF[^]{4}WEBP/],
  ["gif", /^GIF8[79]a/],
  // Of either byte order; 43 is BigTIFF.
  ["tiff", /^(II[*+]\0|MM\0[*+])/],
  // A box of brands, the main one first.
  ["avif", /^[^]{4}ftyp([^]{4})*?avi[fs]/],
];
