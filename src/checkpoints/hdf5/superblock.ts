import { InceptError } from "../../diagnostics/incept-error.js";
import { damaged } from "../damage.js";
import type { Pages } from "../pages.js";
import { Cursor } from "./cursor.js";
import { unsupported } from "./unsupported.js";

const what = "the superblock";

/**
 * Where the root group is.
 *
 * HDF5 file format specification, version 3.0, II.A.
 */
export async function readSuperblock(pages: Pages): Promise<number> {
  const { name, size } = pages;
  const cursor = new Cursor(await pages.at(0, Math.min(size, 128), what), name, what);
  cursor.expect("\x89HDF\r\n\x1a\n");
  const version = cursor.version(0, 1, 2, 3);
  const old = version < 2;
  if (old) cursor.skip(4);
  const sizes = [cursor.u8(), cursor.u8()];
  if (sizes.some((bytes) => bytes !== 8)) {
    throw unsupported(name, `addresses of ${sizes.join(" and ")} bytes`);
  }
  // Of old ones the sizes of groups' nodes and flags, of new ones flags.
  cursor.skip(old ? 1 + 4 + 4 + (version === 1 ? 4 : 0) : 1);
  const base = cursor.address();
  if (base !== 0) throw unsupported(name, `a base address of ${base ?? "nothing"}`);
  cursor.address();
  const end = cursor.address() ?? 0;
  if (end > size) {
    throw new InceptError("weights/truncated", `${name} holds ${size} bytes of ${end}.`, {
      help: "was it copied whole, and closed by who wrote it?",
    });
  }
  if (old && cursor.address() !== undefined) throw unsupported(name, "one part of several files");
  if (old) cursor.skip(8);
  const root = cursor.address();
  if (root === undefined) throw damaged(name, "it has no root group");
  return root;
}
