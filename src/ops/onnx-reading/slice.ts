import { reads, refuse } from "./reader.js";

export interface SliceAttrs {
  /** The first channel, and how many. */
  readonly from: number;
  readonly count: number;
}

/** Of channels alone, one after the other. */
export const sliceReaders = reads<SliceAttrs>({
  Slice: (node) => {
    const dims = node.flowing(0);
    const list = (operand: number, name: string): readonly number[] | undefined => {
      if (node.opset < 10) return node.integers(name);
      return node.has(operand) ? Array.from(node.constant(operand).values) : undefined;
    };
    const [starts, ends] = [list(1, "starts") ?? [], list(2, "ends") ?? []];
    const axes = list(3, "axes") ?? starts.map((_, i) => i);
    const steps = node.opset < 10 ? undefined : list(4, "steps");
    const over = axes.map((axis) => node.axis(axis, dims));
    if (over.join() !== "1" || starts.length !== 1 || ends.length !== 1) {
      refuse(`cuts along axes ${axes.join(", ")}; here that is channels alone`);
    }
    if (steps !== undefined && steps.join() !== "1") {
      refuse(`takes steps of ${steps.join(", ")}; here channels follow one another`);
    }
    const attribute = "attribute" as const;
    return {
      attrs: cut(starts[0]!, ends[0]!, dims?.[1]),
      roles: ["input", attribute, attribute, attribute, attribute],
    };
  },
});

/** Ends past the last channel are the last, and what is negative counts from there. */
function cut(start: number, end: number, channels: number | undefined): SliceAttrs {
  const known = start >= 0 && end >= 0 && end < 2 ** 31 - 1;
  if (channels === undefined && !known) {
    refuse(`cuts from ${start} to ${end}, and the number of channels is not known`);
  }
  const last = channels ?? end;
  const place = (at: number): number => Math.min(Math.max(at < 0 ? at + last : at, 0), last);
  const [from, to] = [place(start), place(end)];
  if (to <= from) refuse(`cuts from ${start} to ${end}, which leaves no channel`);
  return { from, count: to - from };
}
