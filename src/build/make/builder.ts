import type { Toolchain } from "../choose/toolchain.js";

export interface BuilderJob {
  /** Holds the whole project, headers included. */
  readonly directory: string;
  readonly toolchain: Toolchain;
  readonly log: string;
  readonly onLine: (line: string) => void;
}

/** Makes the addon of an emitted project; gives its path, or nothing where a tool failed. */
export type BuilderRun = (job: BuilderJob) => Promise<string | undefined>;
