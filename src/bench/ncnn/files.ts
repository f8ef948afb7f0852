import { bug } from "../../diagnostics/bug.js";
import { type Graph, type Node, runNodes } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import type { Shape } from "../../ops/shape.js";
import { int, type Layer, type Layers, numbersText } from "./layer.js";

export interface NcnnNetwork {
  /** The layers: ncnn's `.param`. */
  readonly param: string;
  /** The weights: ncnn's `.bin`. */
  readonly bin: Uint8Array;
  readonly ports: Record<"inputs" | "outputs", readonly Port[]>;
}

/** An input or output: the network's name for it, and the file's. */
export interface Port {
  readonly name: string;
  readonly blob: string;
  readonly shape: Shape;
}

/** The two files while they grow. ncnn takes what a layer reads for its own, so each reader has a blob to itself. */
export class Files {
  readonly #graph: Graph;
  readonly #lines: string[] = [];
  readonly #weights: Uint8Array[] = [];
  #blobs = 0;
  /** Of each value the blobs that nobody reads yet. */
  readonly #free = new Map<Value, string[]>();
  readonly #inputs: readonly Port[];

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#inputs = graph.inputs.map((value) => {
      const blob = this.#blob();
      this.#line("Input", [], [blob], { numbers: sizes(value.shape) });
      this.#define(value, blob);
      return { name: value.name, blob, shape: value.shape };
    });
  }

  /** What a node computes, by layers one after the other. */
  add(layers: Layers, { inputs, outputs: [made] }: Node): void {
    let from = inputs.map((value) => this.#take(value));
    for (const layer of layers) {
      const to = this.#blob();
      this.#line(layer.type, from, [to], layer);
      from = [to];
    }
    this.#define(made!, from[0]!);
  }

  end(): NcnnNetwork {
    const outputs = this.#graph.outputs.map(({ name, value }) => {
      return { name, blob: this.#take(value), shape: value.shape };
    });
    const head = ["7767517", `${this.#lines.length} ${this.#blobs}`];
    return {
      param: `${[...head, ...this.#lines].join("\n")}\n`,
      bin: Buffer.concat(this.#weights),
      ports: { inputs: this.#inputs, outputs },
    };
  }

  #blob(): string {
    return `b${this.#blobs++}`;
  }

  #take(value: Value): string {
    return this.#free.get(value)?.pop() ?? bug(`${value.name} is read more often than counted`);
  }

  #define(value: Value, blob: string): void {
    const count = readers(this.#graph, value);
    const own = count > 1 ? Array.from({ length: count }, () => this.#blob()) : [blob];
    if (count > 1) this.#line("Split", [blob], own, { numbers: {} });
    this.#free.set(value, own);
  }

  /** Its type, a name, how many blobs it reads and makes, those, and its numbers. */
  #line(
    type: string,
    from: readonly string[],
    to: readonly string[],
    { numbers, weights = [] }: Omit<Layer, "type">,
  ): void {
    const counts = [from.length, to.length];
    const words = [type, `l${this.#lines.length}`, ...counts, ...from, ...to, numbersText(numbers)];
    this.#lines.push(words.join(" ").trimEnd());
    for (const { values, tagged } of weights) {
      if (tagged) this.#weights.push(new Uint8Array(4));
      this.#weights.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
  }
}

/** Width, height and channels, or how many numbers of a vector. */
const sizes = ([first, height, width]: Shape): Layer["numbers"] =>
  height === undefined ? { 0: int(first!) } : { 0: int(width!), 1: int(height), 2: int(first!) };

const readers = (graph: Graph, value: Value): number =>
  runNodes(graph).reduce((sum, { inputs }) => sum + inputs.filter((v) => v === value).length, 0) +
  graph.outputs.filter((output) => output.value === value).length;
