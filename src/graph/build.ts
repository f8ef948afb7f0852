/** Flattens a checked network into a graph, node by node as written. */
import { bug } from "../diagnostics/bug.js";
import { suggest } from "../diagnostics/suggest.js";
import type {
  JoinStep,
  NetChain,
  NetStep,
  Network,
  RepeatStep,
  ResidualStep,
} from "../model/network.js";
import { add } from "../ops/joins/add.js";
import type { BuildValue } from "../ops/primitive.js";
import type { Graph, GraphOutput, Node } from "./graph.js";
import { StepBuilder } from "./step-builder.js";
import { inputValue, type Value } from "./value.js";

export interface BuildOptions {
  /** Keep the auxiliary heads, as outputs; they are left out unless asked for. */
  readonly aux?: boolean;
  /** Structural paths whose values a run returns too: `inception_3a`, `conv_2.2`. */
  readonly taps?: readonly string[];
}

/** Throws a RangeError for a tap that names no stage, step or branch of what is built. */
export function buildGraph(network: Network, options: BuildOptions = {}): Graph {
  const inputs = network.inputs.map(({ name, shape }) => inputValue(name, shape));
  const walk = new Walk(inputs);
  const outputs: GraphOutput[] = [];
  for (const { kind, name, from, chain } of network.members) {
    if (kind === "aux" && options.aux !== true) continue;
    const value = walk.member(name, from, chain);
    if (kind !== "stage") outputs.push({ name, value, kind });
  }
  for (const path of new Set(options.taps ?? [])) {
    // An output's own chain has its name for a path.
    if (outputs.some((output) => output.name === path)) continue;
    outputs.push({ name: path, value: walk.tap(path), kind: "tap" });
  }
  return { name: network.name, inputs, outputs, nodes: walk.nodes, updates: [] };
}

class Walk {
  readonly nodes: Node[] = [];
  /** Results of the inputs and the members, which `from` names. */
  private readonly members: Map<string, Value>;
  /** What a tap can name. Of two things with one path the outer one is meant. */
  private readonly paths = new Map<string, Value>();
  private readonly names: Set<string>;

  constructor(inputs: readonly Value[]) {
    this.members = new Map(inputs.map((input) => [input.name, input]));
    this.names = new Set(this.members.keys());
  }

  member(name: string, from: string, chain: NetChain): Value {
    const value = this.chain(chain, this.earlier(from));
    this.members.set(name, value);
    this.paths.set(name, value);
    return value;
  }

  tap(path: string): Value {
    const value = this.paths.get(path);
    if (value !== undefined) return value;
    const near = suggest(path, this.paths.keys());
    const help = near === undefined ? "" : ` Did you mean ${near}?`;
    throw new RangeError(`No step has the path ${path}.${help}`);
  }

  private earlier(name: string): Value {
    const value = this.members.get(name);
    if (value === undefined) bug(`${name} is not built before it is used`);
    return value;
  }

  private chain(chain: NetChain, input: Value): Value {
    return chain.steps.reduce((value, step) => this.step(step, value), input);
  }

  private step(step: NetStep, input: Value): Value {
    const value = this.stepValue(step, input);
    this.paths.set(step.path, value);
    return value;
  }

  private stepValue(step: NetStep, input: Value): Value {
    switch (step.kind) {
      case "op": {
        const builder = new StepBuilder(step, this.names);
        return this.take(builder, step.operator.build(builder, input, step.args));
      }
      case "module":
        return this.chain(step.body, input);
      case "repeat":
        return this.repeat(step, input);
      case "residual":
        return this.residual(step, input);
      case "join":
        return this.join(step, input);
    }
  }

  private repeat({ path, copies }: RepeatStep, input: Value): Value {
    let value = input;
    for (const [n, copy] of copies.entries()) {
      value = this.chain(copy, value);
      this.paths.set(`${path}.${n}`, value);
    }
    return value;
  }

  private residual(step: ResidualStep, input: Value): Value {
    const builder = new StepBuilder(step, this.names);
    const body = this.chain(step.body, input);
    return this.take(builder, builder.node(add, [input, body], { scales: [1, step.scale] }));
  }

  private join(step: JoinStep, input: Value): Value {
    const builder = new StepBuilder(step, this.names);
    const operands = step.branches.map(({ path, from, chain }) => {
      const value = this.chain(chain, from === undefined ? input : this.earlier(from));
      this.paths.set(path, value);
      return value;
    });
    const attrs = step.join.attrs(operands.length);
    return this.take(builder, builder.node(step.join.primitive, operands, attrs));
  }

  private take(builder: StepBuilder, result: BuildValue): Value {
    this.nodes.push(...builder.nodes);
    return builder.finish(result);
  }
}
