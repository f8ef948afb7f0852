import type { Argument, Call, Layer, Numbers, Pointer, Rows } from "../targets/program.js";
import { rowsStatement, statement } from "./cpp.js";
import { Identifiers } from "./identifiers.js";

/** The identifiers of one project, and kernel calls spelled with them. */
export class Names {
  readonly layers = new Identifiers<Layer>((layer) => layer.path);
  readonly numbers = new Identifiers<Numbers>((numbers) => numbers.path);
  readonly parameters = new Identifiers<string>((name) => name);

  /** Pointers to outputs are called `output_prob`, by their place among the outputs. */
  constructor(private readonly outputs: readonly string[]) {}

  output(index: number): string {
    return this.outputs[index]!;
  }

  /** A call as a statement; the kernels of `run` get the team's member `t` first. */
  call(call: Call, member: boolean): string {
    const { templates, args } = call;
    const list = templates.map((part) => (typeof part === "string" ? part : this.layer(part)));
    const head = `${call.function}${list.length === 0 ? "" : `<${list.join(", ")}>`}`;
    const last = args.at(-1);
    if (last?.kind === "rows") return this.rowsCall(head, args.slice(0, -1), last.rows);
    return statement(head, [...(member ? ["t"] : []), ...args.map((arg) => this.argument(arg))]);
  }

  private rowsCall(head: string, args: readonly Argument[], rows: readonly Rows[]): string {
    const list = rows.map(({ from, count }) => `{${this.pointer(from)}, ${count}}`);
    return rowsStatement(head, args.map((arg) => this.argument(arg)).join(", "), list);
  }

  layer = (layer: Layer): string => `layer::${this.layers.of(layer)}`;

  private argument(argument: Argument): string {
    switch (argument.kind) {
      case "rows":
        throw new Error("bug: rows must be a call's last argument");
      case "number":
        return `${argument.value}`;
      case "layer":
        return this.layer(argument.layer);
      case "numbers":
        return `constant::${this.numbers.of(argument.numbers)}`;
      default:
        return this.pointer(argument);
    }
  }

  private pointer(pointer: Pointer): string {
    switch (pointer.kind) {
      case "arena":
        return offset("a", pointer.offset);
      case "weights":
        return offset("w", pointer.offset);
      case "staging":
        return offset("s", pointer.offset);
      case "parameter":
        return `p[parameter::${this.parameters.of(pointer.name)}]`;
      case "input":
        return "input";
      case "output":
        return this.output(pointer.index);
      case "null":
        return "nullptr";
    }
  }
}

const offset = (base: string, floats: number): string =>
  floats === 0 ? base : `${base} + ${floats}`;

/** `output_prob` for each output, all different. */
export function outputNames(names: readonly string[]): readonly string[] {
  const unique = new Identifiers<number>((index) => `output_${names[index]!}`);
  return names.map((_, index) => unique.of(index));
}
