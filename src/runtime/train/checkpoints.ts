import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";
import type { NetworkTypes } from "../types.js";
import type { Every } from "./fit-options.js";
import type { Training } from "./training.js";
import type { Evaluation, Losses, Score } from "./types.js";

/** Writes the last and the best state of a run into a folder. */
export class Checkpoints<N extends NetworkTypes, L extends Losses<N>> {
  private readonly directory: string;
  private readonly every: Every;
  /** How many steps and epochs the last checkpoint has seen. */
  private saved = "";

  constructor(
    private readonly training: Training<N, L>,
    { directory, every = { epochs: 1 } }: { readonly directory: string; readonly every?: Every },
  ) {
    this.directory = directory;
    this.every = every;
  }

  async afterStep(): Promise<void> {
    const { steps } = this.every;
    if (steps !== undefined && this.training.standing.steps % steps === 0) await this.last();
  }

  async afterEpoch(train: number, validation: Evaluation<N, L> | undefined): Promise<void> {
    const { training } = this;
    const score = scoreOf(train, validation);
    const { best = -Infinity, epoch } = training.standing;
    const isBest = score > best;
    if (isBest) {
      const before = training.standing;
      training.standing = { ...before, best: score };
      try {
        await this.write("best");
      } catch (error) {
        // Best is what a file holds.
        training.standing = before;
        throw error;
      }
    }
    const { epochs } = this.every;
    if (epochs !== undefined && epoch % epochs === 0) await this.last();
  }

  /** What `every` has left out. */
  async end(): Promise<void> {
    if (this.training.standing.steps > 0) await this.last();
  }

  private async last(): Promise<void> {
    const { steps, epoch, best } = this.training.standing;
    const now = `${steps} ${epoch} ${best}`;
    if (this.saved === now) return;
    await this.write("last");
    this.saved = now;
  }

  private async write(name: "last" | "best"): Promise<void> {
    try {
      await mkdir(this.directory, { recursive: true });
    } catch (cause) {
      const why = (cause as NodeJS.ErrnoException).code ?? "";
      const message = `${shownPath(this.directory)} could not be made (${why}).`;
      throw new InceptError("file/cannot-write", message, { cause });
    }
    await this.training.save("fit", join(this.directory, `${name}.checkpoint`));
  }
}

/** The higher the better: the mean share of right answers, else the loss. */
function scoreOf<N extends NetworkTypes, L extends Losses<N>>(
  train: number,
  validation: Evaluation<N, L> | undefined,
): number {
  if (validation === undefined) return -train;
  const scores = Object.values<Score>(validation.outputs);
  const shares = scores.flatMap(({ top1 }) => (top1 === undefined ? [] : [top1]));
  if (shares.length === 0) return -validation.loss;
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
