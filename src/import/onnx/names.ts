/** What the names of a file stand for, and whether the file keeps ONNX's rules about them. */
import { damaged } from "../../checkpoints/damage.js";
import { visibleName } from "../../diagnostics/visible.js";
import type { FileNode, GraphFile } from "./decode/model.js";
import { nameOf } from "./refusals.js";

/**
 * Every name is given once, and before anything reads it: nodes come in an order in which they can be
 * computed, and none hangs on itself.
 *
 * @param file as messages name it
 * @throws InceptError `weights/damaged`
 */
export function checkNames(
  file: string,
  { nodes, initializers, inputs, outputs }: GraphFile,
): void {
  const given = new Set<string>();
  const give = (name: string, what: string): void => {
    if (given.has(name))
      throw damaged(file, `two of its values are called ${visibleName(name)}, one of them ${what}`);
    given.add(name);
  };
  for (const { name } of initializers) give(name, "an initializer");
  const weights = new Set(given);
  // Files of before IR version 4 list initializers among the inputs.
  const pictures = inputs.filter(({ name }) => !weights.has(name));
  for (const { name } of pictures) give(name, "an input");
  const made = new Set(nodes.flatMap((node) => node.outputs));
  for (const node of nodes) {
    const lacking = node.inputs.find((name) => name !== "" && !given.has(name));
    if (lacking !== undefined) {
      const why = made.has(lacking) ? "which comes later or hangs on it" : "which nothing makes";
      throw damaged(
        file,
        `node ${visibleName(nameOf(node))} reads ${visibleName(lacking)}, ${why}`,
      );
    }
    for (const name of node.outputs) {
      if (name !== "") give(name, `a result of node ${visibleName(nameOf(node))}`);
    }
  }
  for (const { name } of outputs) {
    if (!given.has(name)) throw damaged(file, `its output ${visibleName(name)} is made by nothing`);
  }
  if (outputs.length === 0) throw damaged(file, "it has no outputs");
}

/** The nodes that outputs hang on, in order, and all names that they read. */
export function needed(graph: GraphFile): {
  readonly nodes: readonly FileNode[];
  readonly names: ReadonlySet<string>;
} {
  const names = new Set(graph.outputs.map(({ name }) => name));
  const nodes: FileNode[] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!;
    if (!node.outputs.some((name) => names.has(name))) continue;
    node.inputs.forEach((name) => names.add(name));
    nodes.push(node);
  }
  return { nodes: nodes.reverse(), names };
}
