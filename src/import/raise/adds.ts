/** A sum as people write it: a residual where one of two terms is what came in. */
import type { Node } from "../../graph/graph.js";
import { add, type AddAttrs } from "../../ops/joins/add.js";
import { isNode } from "../../graph/graph.js";
import { channels, sameShape } from "../../ops/shape.js";
import { numberText } from "./numbers.js";
import { type Branch, type JoinStep, leaf, type Leaf, type Step } from "./tree.js";

export function addWords(join: JoinStep, node: Node): Step {
  if (!isNode<AddAttrs>(node, add)) return join;
  const { scales } = node.attrs;
  const skip = join.branches.findIndex((branch, i) => isBare(branch) && scales[i] === 1);
  const body = join.branches[1 - skip];
  const [x, y] = node.inputs.map(({ shape }) => shape);
  const isPair = join.branches.length === 2 && sameShape(x!, y!);
  if (isPair && skip >= 0 && body?.from === undefined) {
    const scale = scales[1 - skip]!;
    return {
      kind: "residual",
      scale: factor(scale),
      body: body!.chain,
      entering: join.entering,
      hint: join.hint,
    };
  }
  const entering = node.inputs.map(({ shape }) => channels(shape));
  const branches = join.branches.map((each, i) => scaled(each, scales[i]!, entering[i]!));
  return { ...join, branches };
}

const isBare = ({ from, chain }: Branch): boolean => from === undefined && chain.steps.length === 0;

const factor = (value: number): Leaf => leaf(numberText(value), value);

/** Only a residual has a factor of its own. */
function scaled(branch: Branch, scale: number, entering: number): Branch {
  if (scale === 1) return branch;
  const args = [{ value: factor(scale) }];
  const step = { kind: "call", name: "scale", args, entering, hint: [] } as const;
  return { ...branch, chain: { steps: [...branch.chain.steps, step] } };
}
