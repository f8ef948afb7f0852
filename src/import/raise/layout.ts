/** Chains as text, which the formatter lays out: rows that end inside braces stay rows. */
import { callText } from "./text.js";
import type { Branch, Chain, Step } from "./tree.js";

/** How a branch says where it begins. */
export type Opening = (from: number) => string;

/** From so many branches on they stand below one another, however short they are, or at so many characters. */
const many = 3;
const long = 70;

export const chainText = ({ steps }: Chain, opening: Opening): string =>
  steps.length === 0 ? "identity" : steps.map((step) => stepText(step, opening)).join(" -> ");

/** The same in one row, as far as a comparison needs it. */
export const flatText = (chain: Chain): string => chainText(chain, String).replaceAll("\n", " ");

function stepText(step: Step, opening: Opening): string {
  switch (step.kind) {
    case "call":
      return callText(step);
    case "join":
      return `${step.name} ${branchesText(step.branches, opening)}`;
    case "residual": {
      const scale = step.scale.text === "1" ? "" : `(scale: ${step.scale.text})`;
      return `residual${scale} ${bodyText(step.body, opening)}`;
    }
    case "repeat":
      return `repeat(${step.count}) ${bodyText(step.body, opening)}`;
  }
}

function branchesText(branches: readonly Branch[], opening: Opening): string {
  const texts = branches.map(
    (branch) => branchHead(branch, opening) + chainText(branch.chain, opening),
  );
  const isTall =
    texts.length >= many || texts.join().length > long || texts.some((text) => text.includes("\n"));
  return isTall ? `{\n${texts.join("\n")}\n}` : `{ ${texts.join("  ")} }`;
}

function bodyText(body: Chain, opening: Opening): string {
  const text = chainText(body, opening);
  return text.includes("\n") ? `{\n${text}\n}` : `{ ${text} }`;
}

const branchHead = ({ label, from }: Branch, opening: Opening): string =>
  `${label}: ${from === undefined ? "" : `from ${opening(from)} -> `}`;
