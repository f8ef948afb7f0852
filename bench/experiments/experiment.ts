import type { ExperimentData } from "./data.js";

export interface ExperimentRun {
  readonly data: ExperimentData;
  readonly epochs: number;
  readonly seeds: readonly number[];
  readonly threads?: number;
  /** A folder that is there. */
  readonly out: string;
}

export interface Experiment {
  /** A line of `--help`. */
  readonly about: string;
  readonly run: (run: ExperimentRun) => Promise<void>;
}
