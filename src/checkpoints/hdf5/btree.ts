import { damaged } from "../damage.js";
import type { Cursor } from "./cursor.js";
import type { Hdf5 } from "./file.js";

interface TreeKind {
  /** 0 for the members of a group, 1 for the chunks of a dataset. */
  readonly type: 0 | 1;
  readonly keyBytes: number;
}

export interface Child {
  /** What stands before the child's address. */
  readonly key: Cursor;
  readonly address: number;
}

const what = "a tree of the file";

/** What hangs at the leaves of a tree of version 1, in order; III.A.1. */
export async function* eachChild(
  file: Hdf5,
  root: number,
  kind: TreeKind,
  seen = new Set<number>(),
  expected?: number,
): AsyncGenerator<Child> {
  if (seen.has(root)) throw damaged(file.name, `${what} goes in a circle`);
  seen.add(root);
  const head = await file.cursor(root, 24, what);
  head.expect("TREE");
  const type = head.u8();
  if (type !== kind.type) throw damaged(file.name, `${what} is of another kind`);
  const level = head.u8();
  if (expected !== undefined && level !== expected) {
    throw damaged(file.name, `${what} is uneven`);
  }
  const count = head.u16();
  const entry = kind.keyBytes + 8;
  for (let i = 0; i < count; i++) {
    const key = await file.cursor(root + 24 + i * entry, entry, what);
    const bytes = key.take(kind.keyBytes);
    const address = key.size();
    if (level === 0) yield { key: file.over(bytes, what), address };
    else yield* eachChild(file, address, kind, seen, level - 1);
  }
}
