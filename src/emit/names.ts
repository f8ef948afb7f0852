import { bug } from "../diagnostics/bug.js";
import type { Graph } from "../graph/graph.js";
import type { Argument, Call, Layer, Numbers, Pointer, Rows, Stripe } from "../targets/program.js";
import { rowsStatement, statement } from "./cpp.js";
import { Identifiers } from "./identifiers.js";

/** The identifiers of one project, and kernel calls spelled with them. */
export class Names {
  readonly layers = new Identifiers<Layer>((layer) => layer.path);
  readonly numbers = new Identifiers<Numbers>((numbers) => numbers.path);
  readonly parameters = new Identifiers<string>((name) => name);

  private readonly ports: Readonly<Record<"input" | "output", readonly string[]>>;

  constructor({ inputs, outputs }: Pick<Graph, "inputs" | "outputs">) {
    this.ports = { input: portNames("input", inputs), output: portNames("output", outputs) };
  }

  /** The pointer to an input of one image: `input_image`. */
  input(index: number): string {
    return this.ports.input[index]!;
  }

  /** The pointer to an output of one image: `output_prob`. */
  output(index: number): string {
    return this.ports.output[index]!;
  }

  readonly values = new Identifiers<string>((path) => path);
  readonly tasks = new Identifiers<string>((name) => name);

  /** A call as a statement, behind the arguments that every call of its program gets. */
  call(call: Call, first: readonly string[] = [], indent?: string): string {
    const { templates, args } = call;
    const list = templates.map((part) => (typeof part === "string" ? part : this.layer(part)));
    const head = `${call.function}${list.length === 0 ? "" : `<${list.join(", ")}>`}`;
    const last = args.at(-1);
    const texts = (list: readonly Argument[]): readonly string[] => [
      ...first,
      ...list.flatMap((arg) =>
        arg.kind === "values" ? arg.values.map(this.value) : this.argument(arg),
      ),
    ];
    if (last?.kind !== "rows") return statement(head, texts(args), indent);
    return rowsStatement(head, texts(args.slice(0, -1)).join(", "), this.rows(last.rows));
  }

  private readonly rows = (rows: readonly Rows[]): readonly string[] =>
    rows.map(({ from, count, factor }) =>
      factor === undefined
        ? `{${this.pointer(from)}, ${count}}`
        : `{${this.pointer(from)}, ${count}, ${factor}}`,
    );

  value = ({ path }: Stripe): string => `value::${this.values.of(path)}`;

  /** What opens a task: itself, then those that it follows. */
  task(name: string, after: readonly string[]): string {
    const all = [name, ...after].map((task) => `task::${this.tasks.of(task)}`);
    return statement("g.task", all);
  }

  /** Its place among all. */
  parameter = (name: string): string => `parameter::${this.parameters.of(name)}`;

  layer = (layer: Layer): string => `layer::${this.layers.of(layer)}`;

  private argument(argument: Argument): string {
    switch (argument.kind) {
      case "rows":
      case "values":
        bug(`${argument.kind} must be a call's last argument`);
      case "value":
        return this.value(argument.value);
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
        return `p[${this.parameter(pointer.name)}]`;
      case "input":
        return this.input(pointer.index);
      case "output":
        return this.output(pointer.index);
      case "place":
        return `${pointer.by === "image" ? "i" : "run"}(value::${this.values.of(pointer.place.name)})`;
      case "images": {
        const { of, count } = pointer;
        return `run.all(${this.pointer(of)}${count === undefined ? "" : `, ${count}`})`;
      }
      case "bf16":
        return `bf16(${this.pointer(pointer.of)})`;
      case "scratch":
        return "i.scratch";
      case "null":
        return "nullptr";
      case "none":
        return "none";
    }
  }
}

const offset = (base: string, floats: number): string =>
  floats === 0 ? base : `${base} + ${floats}`;

/** `output_prob` for each, all different. */
function portNames(kind: string, ports: readonly { readonly name: string }[]): readonly string[] {
  const unique = new Identifiers<number>((index) => `${kind}_${ports[index]!.name}`);
  return ports.map((_, index) => unique.of(index));
}
