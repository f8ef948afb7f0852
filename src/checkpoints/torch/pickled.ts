import { InceptError } from "../../diagnostics/incept-error.js";
import { visible } from "../../diagnostics/visible.js";
import { allocate } from "../../files/allocate.js";
import type { ByteSource } from "../bytes.js";
import { type Host, unpickle } from "./pickle.js";
import { PickleEnds, PickleMistake } from "./pickle-bytes.js";
import type { Value } from "./values.js";

/** Names and shapes of a thousand layers take a hundredth of it. */
export const mostPickled = 2 ** 28;

/** Most pickles are shorter. */
const firstPiece = 1 << 16;

/**
 * A pickle at a position, and the position behind it. How long it is only its end says: more and more
 * is read until that is there.
 *
 * @param hostOf one for each try
 * @throws InceptError `weights/damaged`
 */
export async function pickledIn(
  source: ByteSource,
  position: number,
  hostOf: () => Host,
): Promise<{ readonly value: Value; readonly end: number }> {
  const most = Math.max(0, Math.min(source.size - position, mostPickled));
  for (let size = Math.min(firstPiece, most); ; size = Math.min(8 * size, most)) {
    const bytes = allocate(Uint8Array, size, source.name);
    await source.read(bytes, position);
    try {
      const { value, end } = unpickle(bytes, 0, hostOf());
      return { value, end: position + end };
    } catch (cause) {
      if (!(cause instanceof PickleMistake)) throw cause;
      if (cause instanceof PickleEnds && size < most) continue;
      const at = position + cause.at;
      const what = `${source.name} is no sound pickle: ${visible(cause.message)} at byte ${at}.`;
      throw new InceptError("weights/damaged", what, { help: "was it copied whole?", cause });
    }
  }
}
