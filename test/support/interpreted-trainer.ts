/** Training in plain double precision, by the definitions of the primitives and optimizers alone. */
import { trainingGraph, type TrainingGraph } from "../../src/autodiff/training-graph.js";
import type { Operand } from "../../src/ops/primitive.js";
import {
  clipFactor,
  optimizers,
  type Segment,
  updatePrimitive,
} from "../../src/ops/training/optimizers.js";
import { evaluateGraph, type Numbers } from "../../src/graph/evaluate.js";
import type { TrainingFixture, TrainingInputs } from "./training-fixtures.js";
import type { JudgedTrainer } from "./training-judge.js";

export class InterpretedTrainer implements JudgedTrainer {
  private readonly training: TrainingGraph;
  private readonly weights: Map<string, Numbers>;
  /** Of all parameters that learn, one after the other. */
  private moments: readonly Operand[];
  private readonly segments: readonly Segment[];
  private steps = 0;

  constructor(private readonly fixture: TrainingFixture) {
    this.training = trainingGraph(fixture.graph, fixture);
    this.weights = new Map(
      [...fixture.weights].map(([name, values]) => [name, Float64Array.from(values)]),
    );
    this.segments = this.names.map((name) => {
      const { length } = this.weights.get(name)!;
      return { count: length, padded: length, rate: 1, decay: 1 };
    });
    const count = this.segments.reduce((sum, { padded }) => sum + padded, 0);
    this.moments = optimizers[fixture.optimizer.kind].moments.map(() => vector(count));
  }

  batch(inputs: TrainingInputs): Promise<ReadonlyMap<string, number>> {
    const { graph, gradients } = this.training;
    const given = graph.inputs.map(
      (value) => [value, Float64Array.from(inputs.get(value.name)!)] as const,
    );
    const numbers = evaluateGraph(graph, new Map(given), this.weights, this.fixture.batch);
    const states = graph.updates.map(({ state, value }) => [state.name, numbers(value)] as const);
    this.update(joined([...gradients.values()].map(numbers)));
    for (const [name, values] of states) this.weights.set(name, values);
    const losses = graph.outputs.filter(({ name }) => /^loss\b/.test(name));
    const results = losses.map(({ name, value }) => [name, numbers(value)[0]!] as const);
    return Promise.resolve(new Map(results));
  }

  parameters(): Promise<ReadonlyMap<string, Numbers>> {
    return Promise.resolve(this.weights);
  }

  /** Parameters that learn, in the order of the segments. */
  private get names(): readonly string[] {
    return [...this.training.gradients.keys()].map(({ name }) => name);
  }

  private update(gradients: Operand): void {
    const { kind, ...numbers } = this.fixture.optimizer;
    const roles = Object.entries({ ...numbers, step: ++this.steps });
    const operands = {
      inputs: [
        joined(this.names.map((name) => this.weights.get(name)!)),
        this.clipped(gradients),
        ...this.moments,
      ],
      weights: Object.fromEntries(roles.map(([role, value]) => [role, scalar(Number(value))])),
    };
    const { segments } = this;
    const [after, ...moments] = updatePrimitive(kind).evaluate(operands, { segments }, 1);
    this.moments = moments.map(operand);
    let start = 0;
    for (const [i, name] of this.names.entries()) {
      this.weights.set(name, after!.slice(start, (start += segments[i]!.padded)));
    }
  }

  private clipped(gradients: Operand): Operand {
    const { clip } = this.fixture;
    if (clip === undefined) return gradients;
    const operands = { inputs: [gradients], weights: { most: scalar(clip) } };
    const [factor] = clipFactor.evaluate(operands, { segments: this.segments }, 1);
    return operand(gradients.data.map((value) => value * factor![0]!));
  }
}

const operand = (data: Numbers): Operand => ({ shape: [data.length], data });
const vector = (count: number): Operand => operand(new Float64Array(count));
const scalar = (value: number): Operand => operand(Float64Array.of(value));

function joined(parts: readonly Numbers[]): Operand {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return operand(all);
}
