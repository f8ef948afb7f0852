/** Chains and members as rows of text. */
import { callText } from "./text.js";
import type { Branch, Chain, Step } from "./tree.js";

/** Columns of a row. */
const widest = 110;

/** How a branch says where it begins. */
export type Opening = (from: number) => string;

/**
 * `head` and a chain behind it, the first row indented by `indent` columns: in one row where it
 * fits, else joins over several rows, and plain steps in rows that begin with an arrow.
 */
export function flowRows(head: string, chain: Chain, indent: number, opening: Opening): string[] {
  const steps = chain.steps.length === 0 ? [] : chain.steps;
  const flat = `${head}${flatChain({ steps }, opening)}`;
  if (indent + flat.length <= widest && !steps.some(isTall)) return [margin(indent) + flat];
  return tallRows(head, steps, indent, opening);
}

const margin = (columns: number): string => " ".repeat(columns);

function tallRows(
  head: string,
  steps: readonly Step[],
  indent: number,
  opening: Opening,
): string[] {
  const rows: string[] = [];
  let row = margin(indent) + head.trimEnd();
  let isFresh = true;
  for (const [i, step] of steps.entries()) {
    const arrow = i === 0 ? "" : "-> ";
    const flat = flatStep(step, opening);
    if (isTall(step)) {
      const inner = blockRows(step, indent, opening);
      rows.push(`${row} ${arrow}${inner[0]!}`, ...inner.slice(1, -1));
      row = inner.at(-1)!;
      isFresh = false;
      continue;
    }
    if (row.length + arrow.length + flat.length + 1 > widest && !isFresh) {
      rows.push(row);
      row = margin(indent + 2).trimEnd() + margin(indent + 2) + arrow + flat;
      continue;
    }
    row = `${row} ${arrow}${flat}`;
    isFresh = false;
  }
  return [...rows, row];
}

/** A step with braces: its first row without margin, as it stands behind others. */
function blockRows(step: Step, indent: number, opening: Opening): string[] {
  const inside = indent + 2;
  if (step.kind === "join") {
    const branches = step.branches.flatMap((branch) =>
      flowRows(branchHead(branch, opening), branch.chain, inside, opening),
    );
    return [`${step.name} {`, ...branches, `${margin(indent)}}`];
  }
  if (step.kind === "call") return [callText(step)];
  return [
    `${blockHead(step)} {`,
    ...flowRows("", step.body, inside, opening),
    `${margin(indent)}}`,
  ];
}

function blockHead(step: Exclude<Step, { kind: "call" | "join" }>): string {
  if (step.kind === "repeat") return `repeat(${step.count})`;
  return step.scale === undefined ? "residual" : `residual(scale: ${step.scale.text})`;
}

const branchHead = ({ label, from }: Branch, opening: Opening): string =>
  `${label}: ${from === undefined ? "" : `from ${opening(from)} -> `}`;

/** Branches stand below one another. */
const isTall = (step: Step): boolean =>
  step.kind === "join" ||
  (step.kind !== "call" && (step.body.steps.some(isTall) || step.body.steps.length > 3));

export const flatChain = ({ steps }: Chain, opening: Opening): string =>
  steps.length === 0 ? "identity" : steps.map((step) => flatStep(step, opening)).join(" -> ");

function flatStep(step: Step, opening: Opening): string {
  if (step.kind === "call") return callText(step);
  if (step.kind !== "join") return `${blockHead(step)} { ${flatChain(step.body, opening)} }`;
  const branches = step.branches.map(
    (branch) => branchHead(branch, opening) + flatChain(branch.chain, opening),
  );
  return `${step.name} { ${branches.join("  ")} }`;
}
