/** What the names of a file stand for, and whether the file keeps ONNX's rules about them. */
import { damaged } from "../../checkpoints/damage.js";
import { counted } from "../../diagnostics/counted.js";
import { visibleName } from "../../diagnostics/visible.js";
import type { FileNode, GraphFile } from "./decode/model.js";
import { nameOf } from "./refusals.js";

/**
 * Every name is given once, and before anything reads it: nodes come in an order in which they can be
 * computed, and none hangs on itself. What a branch of a node gives is known inside it alone.
 *
 * @param file as messages name it
 * @throws InceptError `weights/damaged`
 */
export const checkNames = (file: string, graph: GraphFile): void =>
  checkInside(file, graph, new Set());

/** @param given around it; after it the same again, but for a graph that stands by itself */
function checkInside(
  file: string,
  { nodes, initializers, inputs, outputs }: GraphFile,
  given: Set<string>,
): void {
  const own: string[] = [];
  const give = (name: string, what: string): void => {
    if (given.has(name))
      throw damaged(file, `two of its values are called ${visibleName(name)}, one of them ${what}`);
    given.add(name);
    own.push(name);
  };
  for (const { name } of initializers) give(name, "an initializer");
  const weights = new Set(own);
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
    branchesOf(node).forEach((branch) => checkBranch(file, node, branch, given));
    for (const name of node.outputs) {
      if (name !== "") give(name, `a result of node ${visibleName(nameOf(node))}`);
    }
  }
  for (const { name } of outputs) {
    if (!given.has(name)) throw damaged(file, `its output ${visibleName(name)} is made by nothing`);
  }
  if (outputs.length === 0) throw damaged(file, "it has no outputs");
  own.forEach((name) => given.delete(name));
}

function checkBranch(file: string, node: FileNode, branch: GraphFile, given: Set<string>): void {
  const bad = (what: string): Error =>
    damaged(file, `a branch of node ${visibleName(nameOf(node))} has ${what}`);
  if (branch.inputs.length > 0) throw bad("inputs");
  if (branch.outputs.length !== node.outputs.length) {
    throw bad(`${counted(branch.outputs.length, "output")}, the node ${node.outputs.length}`);
  }
  checkInside(file, branch, given);
}

const branchesOf = ({ branches }: FileNode): readonly GraphFile[] =>
  branches === undefined ? [] : [branches.whenTrue, branches.whenFalse];

/** What a node reads: its operands, and of what is around it what its branches do. */
export function namesRead(node: FileNode): readonly string[] {
  return [...node.inputs, ...branchesOf(node).flatMap(namesAround)];
}

function namesAround({ nodes, initializers, outputs }: GraphFile): readonly string[] {
  const own = new Set(initializers.map(({ name }) => name));
  for (const node of nodes) node.outputs.forEach((name) => own.add(name));
  const read = [...nodes.flatMap(namesRead), ...outputs.map(({ name }) => name)];
  return [...new Set(read)].filter((name) => name !== "" && !own.has(name));
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
    namesRead(node).forEach((name) => names.add(name));
    nodes.push(node);
  }
  return { nodes: nodes.reverse(), names };
}
