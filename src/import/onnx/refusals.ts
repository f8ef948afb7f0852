import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { visibleName } from "../../diagnostics/visible.js";
import type { FileNode } from "./decode/model.js";

/** What of a file has no word here: every node of it, before anything is made of the others. */
export class Refusals {
  /** Nodes by what is said of them. */
  private readonly nodes = new Map<string, string[]>();
  private readonly helps = new Set<string>();

  /**
   * @param why a sentence without its full stop, which begins with the operator
   * @param help what to do about it, where there is more to do than to leave the node out
   */
  add(node: Pick<FileNode, "name" | "outputs">, why: string, help = usual): void {
    this.helps.add(help);
    const named = this.nodes.get(why);
    const name = visibleName(nameOf(node));
    if (named === undefined) this.nodes.set(why, [name]);
    else named.push(name);
  }

  get isEmpty(): boolean {
    return this.nodes.size === 0;
  }

  /** @param file as messages name it */
  error(file: string): InceptError {
    const all = [...this.nodes];
    const total = all.reduce((sum, [, names]) => sum + names.length, 0);
    const rows = all
      .slice(0, mostRows)
      .map(([why, names]) => `  ${whose(names)}: ${visibleName(why)}`);
    const rest = all.slice(mostRows).reduce((sum, [, names]) => sum + names.length, 0);
    const more = rest === 0 ? [] : [`  and ${counted(rest, "more node")}`];
    const what = `${file} has ${counted(total, "node")} that no spec can say:`;
    return new InceptError("onnx/refused", [what, ...rows, ...more].join("\n"), {
      help: [...this.helps].sort().reverse().join("; "),
    });
  }
}

const usual = "docs/onnx.md says what is read";

/** As the file calls it; many exporters name results alone. */
export const nameOf = ({ name, outputs }: Pick<FileNode, "name" | "outputs">): string =>
  name === "" ? (outputs[0] ?? "") : name;

const mostRows = 20;
const mostNames = 3;

function whose(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(", ");
  const rest = names.length - mostNames;
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
