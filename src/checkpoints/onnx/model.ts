import { damaged } from "../damage.js";
import type { Pages } from "../pages.js";
import { requireBytes } from "../protobuf/values.js";
import { type Field, Messages } from "../protobuf/wire.js";
import { readSparse, readTensor, type StoredTensor } from "./tensor.js";

/**
 * The initializers of a model's graph, in its order.
 *
 * @throws InceptError `weights/damaged`, `weights/truncated`
 */
export async function readInitializers(pages: Pages): Promise<readonly StoredTensor[]> {
  const messages = new Messages(pages);
  const tensors: StoredTensor[] = [];
  let hasGraph = false;
  for await (const graph of messages.fields({ begin: 0, end: pages.size }, "the file")) {
    if (graph.number !== 7) continue;
    hasGraph = true;
    requireBytes(pages, graph, "the graph");
    for await (const field of messages.fields(graph, "the graph")) {
      if (!isInitializer(field)) continue;
      tensors.push(await readInitializer(messages, pages, field, tensors.length));
    }
  }
  if (!hasGraph) throw damaged(pages.name, "it has no graph");
  return tensors;
}

/** Whether a field of a `GraphProto` is one. */
export const isInitializer = ({ number }: Field): boolean => number === 5 || number === 15;

/** @param index how many come before it */
export function readInitializer(
  messages: Messages,
  pages: Pages,
  field: Field,
  index: number,
): Promise<StoredTensor> {
  const what = `initializer ${index + 1}`;
  requireBytes(pages, field, what);
  return (field.number === 5 ? readTensor : readSparse)(messages, pages, field, what);
}
