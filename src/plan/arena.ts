import { apart, type Life, type Order } from "./order.js";

/** Bytes that must stay untouched for as long as they live. */
export interface Block extends Life {
  readonly bytes: number;
}

export interface Arena {
  readonly offsets: ReadonlyMap<Block, number>;
  readonly bytes: number;
}

/**
 * Greedy by size (Pisarchyk & Lee 2020, "Efficient Memory Management for Deep Neural Net
 * Inference"): the largest block first, each into the tightest gap between the blocks already
 * placed that live at the same time in some order of the run.
 */
export function packArena(blocks: readonly Block[], alignment: number, order: Order): Arena {
  const align = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
  const offsets = new Map<Block, number>();
  let total = 0;
  for (const block of [...blocks].sort((a, b) => b.bytes - a.bytes || start(a) - start(b))) {
    const neighbours = [...offsets]
      .filter(([other]) => !apart(other, block, order))
      .map(([other, start]) => ({ start, end: start + align(other.bytes) }))
      .sort((a, b) => a.start - b.start);
    const offset = tightestGap(neighbours, align(block.bytes));
    offsets.set(block, offset);
    total = Math.max(total, offset + align(block.bytes));
  }
  return { offsets, bytes: total };
}

const start = ({ made }: Block): number => Math.min(...made.map(({ level }) => level));

/** Where `bytes` fit between the neighbours, sorted by start, or else after the last of them. */
function tightestGap(
  neighbours: readonly { readonly start: number; readonly end: number }[],
  bytes: number,
): number {
  let end = 0;
  let best: { readonly offset: number; readonly room: number } | undefined;
  for (const neighbour of neighbours) {
    const room = neighbour.start - end;
    if (room >= bytes && (best === undefined || room < best.room)) best = { offset: end, room };
    end = Math.max(end, neighbour.end);
  }
  return best?.offset ?? end;
}
