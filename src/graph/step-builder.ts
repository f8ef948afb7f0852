import { bug } from "../diagnostics/bug.js";
import type { NetParameter, NetStep } from "../model/network.js";
import type { Builder, BuildValue, Primitive } from "../ops/primitive.js";
import type { Node, Origin } from "./graph.js";
import { resultTypes } from "./results.js";
import { type Parameter, parameterValue, resultValue, type Value } from "./value.js";

/** A value whose name waits until its step is whole. */
type Draft = { -readonly [K in keyof Value]: Value[K] };

/**
 * The nodes of one step. The step's result is called by the step's path, so that a tap and a
 * reader find it there; values inside it by path and primitive: `inception3a.branch1.0:conv`.
 */
export class StepBuilder implements Builder {
  readonly nodes: Node[] = [];
  private readonly drafts: { readonly value: Draft; readonly inner: string }[] = [];
  private readonly origin: Origin;
  private readonly parameters: readonly NetParameter[];
  private readonly resultName: string;

  /** Claims the step's path as a name: a join or residual does so before its branches could. */
  constructor(
    private readonly step: NetStep,
    private readonly taken: Set<string>,
  ) {
    this.origin = { paths: [step.path], span: step.span, frames: step.frames };
    this.parameters = step.kind === "op" ? step.parameters : [];
    this.resultName = this.claim(step.path);
  }

  node<A>(
    primitive: Primitive<A>,
    inputs: readonly Value[],
    attrs: A,
    suffixes: Readonly<Record<string, string>> = {},
  ): Value {
    const weights = Object.fromEntries(
      Object.entries(suffixes).map(([role, suffix]) => [role, this.parameter(suffix)]),
    );
    const [type] = resultTypes(primitive, inputs, Object.values(weights), attrs);
    const value: Draft = resultValue("", type!);
    this.drafts.push({ value, inner: `${this.step.path}:${primitive.name}` });
    this.nodes.push({ primitive, attrs, inputs, outputs: [value], weights, origin: this.origin });
    return value;
  }

  /** Names the values; `result` is what the step's rule returned, maybe its input unchanged. */
  finish(result: BuildValue): Value {
    for (const { value, inner } of this.drafts) {
      value.name = value === result ? this.resultName : this.claim(inner);
    }
    return result as Value;
  }

  private parameter(suffix: string): Parameter {
    const found = this.parameters.find((parameter) => parameter.suffix === suffix);
    if (found === undefined) bug(`${this.step.path} declares no ${suffix}`);
    return parameterValue(found);
  }

  private claim(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.taken.has(name); n++) name = `${wanted}:${n}`;
    this.taken.add(name);
    return name;
  }
}
