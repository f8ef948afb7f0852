import type { Model } from "../model.js";
import type { Inputs, NetworkTypes } from "../types.js";
import { type BatchReader, FrontBatch, type ReadBatch } from "./batch.js";
import type { CheckedData } from "./data.js";
import type { Engine } from "./engine.js";
import type { Front } from "./front.js";
import { modelOf } from "./models.js";
import type { TrainPlan } from "./plan.js";
import type { Standing } from "./schedule-rate.js";
import { type Answers, scoreBatches } from "./score-batches.js";
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
    const judged = outputs.map((output) => {
      const { of } = network.training.losses.find((loss) => loss.output === output.name)!;
      return { output, of };
    });
    const batches = data.batches({ number: 0, seed: plan.seed, from: 0 });
    const read = (given: unknown): ReadBatch | FrontBatch =>
      given instanceof FrontBatch ? given : evaluationReader.read(name, given);
    const answer = async (batch: ReadBatch | FrontBatch): Promise<Answers> => {
      const values = front === undefined ? batch.inputs : await front.of(batch, signal);
      const inputs = Object.fromEntries(values) as unknown as Inputs<N>;
      return model.run(inputs, signal === undefined ? {} : { signal });
    };
    return scoreBatches<N, L, ReadBatch | FrontBatch>(
      name,
      judged,
      { batches, read, answer },
      signal,
    );
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
