import type { Model } from "../model.js";
import type { Inputs, NetworkTypes } from "../types.js";
import { type BatchReader, FrontBatch } from "./batch.js";
import { type CheckedData, nothing } from "./data.js";
import type { Engine } from "./engine.js";
import type { Front } from "./front.js";
import { modelOf } from "./models.js";
import type { TrainPlan } from "./plan.js";
import { readBatches } from "./read-batches.js";
import type { Standing } from "./schedule-rate.js";
import { scorerOf } from "./scores.js";
import type { TrainedNetwork } from "./trained-network.js";
import { Turns } from "./turns.js";
import type { Evaluation, Losses } from "./types.js";

/** What it has to know of a training. */
interface Trained {
  readonly network: TrainedNetwork;
  readonly plan: TrainPlan;
  readonly threads: number;
  readonly standing: Standing;
  readonly evaluationReader: BatchReader;
  readonly front?: Front<NetworkTypes> | undefined;
  nameOf(call: string): string;
  reading<R>(read: (engine: Engine, standing: Standing) => Promise<R>): Promise<R>;
}

/** Runs data through the program for inference, with the weights as they are when it begins. */
export class Evaluator<N extends NetworkTypes, L extends Losses<N>> {
  /** Kept from one evaluation to the next: how many steps its weights have seen. */
  private kept: { readonly model: Model<N>; readonly steps: number } | undefined;
  private readonly turns = new Turns();

  constructor(private readonly training: Trained) {}

  evaluate(call: string, data: CheckedData, signal?: AbortSignal): Promise<Evaluation<N, L>> {
    return this.turns.take(() => this.run(call, data, signal), signal);
  }

  private async run(
    call: string,
    data: CheckedData,
    signal: AbortSignal | undefined,
  ): Promise<Evaluation<N, L>> {
    const name = this.training.nameOf(call);
    const model = await this.model();
    const { plan, network, evaluationReader, front } = this.training;
    const { outputs } = plan.losses;
    const scorers = outputs.map((output) => {
      const { of } = network.training.losses.find((loss) => loss.output === output.name)!;
      return scorerOf(output, of);
    });
    let examples = 0;
    const batches = data.batches({ number: 0, seed: plan.seed, from: 0 });
    for await (const given of readBatches(batches, signal)) {
      if (given === nothing) continue;
      const batch = given instanceof FrontBatch ? given : evaluationReader.read(name, given);
      const values = front === undefined ? batch.inputs : await front.of(batch, signal);
      const inputs = Object.fromEntries(values) as unknown as Inputs<N>;
      const results = await model.run(inputs, signal === undefined ? {} : { signal });
      outputs.forEach(({ name: output }, i) => {
        const answers = (results as Record<string, Float32Array>)[output]!;
        scorers[i]!.add(answers, batch.targets.get(output)!);
      });
      examples += batch.images;
    }
    signal?.throwIfAborted();
    if (examples === 0) throw new TypeError(`${name}: the data gave no batch.`);
    const scores = scorers.map((scorer) => scorer.score());
    return {
      examples,
      loss: scores.reduce((sum, { loss }) => sum + loss, 0),
      outputs: Object.fromEntries(
        outputs.map((output, i) => [output.name, scores[i]!]),
      ) as unknown as Evaluation<N, L>["outputs"],
    };
  }

  private async model(): Promise<Model<N>> {
    const { training, kept } = this;
    if (kept?.steps === training.standing.steps) return kept.model;
    this.kept = undefined;
    await kept?.model.dispose();
    const { values, steps } = await training.reading(async (engine, { steps }) => ({
      values: await engine.trained(),
      steps,
    }));
    const network = training.front?.head ?? training.network;
    const model = await modelOf<N>(network, values, training.threads);
    this.kept = { model, steps };
    return model;
  }

  /** When evaluations that were asked for have ended. */
  dispose(): Promise<void> {
    return this.turns.take(async () => {
      const { kept } = this;
      this.kept = undefined;
      await kept?.model.dispose();
    });
  }
}
