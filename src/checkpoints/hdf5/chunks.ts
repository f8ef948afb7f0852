import type { Shape } from "../../ops/shape.js";
import { elements } from "../../ops/shape.js";
import { damaged } from "../damage.js";
import { eachChild } from "./btree.js";
import { filtersOf, unfilter } from "./filters.js";
import type { Layout } from "./layout.js";
import type { HdfObject } from "./object.js";

type Chunked = Extract<Layout, { kind: "chunked" }>;

/** One chunk; a dataset of a network's weights has some megabytes in all. */
const mostBytes = 1 << 28;

/**
 * All chunks may come to this many times what they hold: the last ones reach beyond it. A dataset
 * that may grow has chunks that are larger than it, and then they come to some more.
 */
const mostBeyond = 16;
const mostMore = 1 << 24;

/** Writes the chunks of a dataset to their places. */
export async function readChunks(
  object: HdfObject,
  { tree, chunk, elementBytes }: Chunked,
  shape: Shape,
  width: number,
  into: Uint8Array,
): Promise<void> {
  const { file, path } = object;
  const size = elements(chunk) * width;
  const isWhole = chunk.length === shape.length && chunk.every((n) => n > 0);
  if (!isWhole || elementBytes !== width || size > mostBytes) {
    throw damaged(file.name, `${path} is cut into chunks of ${chunk.join(" x ")}`);
  }
  const counts = shape.map((n, d) => Math.ceil(n / chunk[d]!));
  const all = elements(counts) * size;
  if (all > mostBeyond * into.length + mostMore) {
    throw damaged(file.name, `the parts of ${path} have ${all} bytes, it has ${into.length}`);
  }
  if (tree === undefined) return;
  const filters = filtersOf(object);
  // Length, filters left out, and where it begins in each dimension and in the element.
  const keyBytes = 8 + 8 * (shape.length + 1);
  const seen = new Set<number>();
  for await (const { key, address } of eachChild(file, tree, { type: 1, keyBytes })) {
    const stored = key.u32();
    const skipped = key.u32();
    const begin = shape.map(() => key.size());
    if (begin.some((from, d) => from >= shape[d]! || from % chunk[d]! !== 0)) {
      throw damaged(file.name, `a part of ${path} lies outside of it`);
    }
    const index = begin.reduce((sum, from, d) => sum * counts[d]! + from / chunk[d]!, 0);
    if (seen.has(index)) throw damaged(file.name, `a part of ${path} is there twice`);
    seen.add(index);
    const length = filters.length === 0 ? size : stored;
    // What does not compress becomes a little longer.
    if (length > 2 * size + 1024) {
      throw damaged(file.name, `a part of ${path} has ${length} bytes for ${size}`);
    }
    const bytes = await file.pages.at(address, length, `a part of ${path}`);
    copy(
      await unfilter(object, bytes, filters, skipped, size),
      { chunk, begin, shape, width },
      into,
    );
  }
}

interface Place {
  readonly chunk: readonly number[];
  readonly begin: readonly number[];
  readonly shape: Shape;
  readonly width: number;
}

/** Row by row; what of a chunk reaches beyond the dataset belongs to nobody. */
function copy(bytes: Buffer, { chunk, begin, shape, width }: Place, into: Uint8Array): void {
  const last = shape.length - 1;
  const row = (last < 0 ? 1 : Math.min(chunk[last]!, shape[last]! - begin[last]!)) * width;
  const rowBytes = (last < 0 ? 1 : chunk[last]!) * width;
  const at = begin.map(() => 0);
  for (let from = 0; from < bytes.length; from += rowBytes) {
    const place = begin.map((first, d) => first + (d === last ? 0 : at[d]!));
    if (place.every((p, d) => p < shape[d]!)) {
      const to = place.reduce((index, p, d) => index * shape[d]! + p, 0) * width;
      into.set(bytes.subarray(from, from + row), to);
    }
    for (let d = last - 1; d >= 0; d--) {
      if (++at[d]! < chunk[d]!) break;
      at[d] = 0;
    }
  }
}
