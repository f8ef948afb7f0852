/** A network that is loaded, in the process that is measured. */
export interface Engine {
  /** Its version, for people. */
  readonly version: string;
  /** Names of its inputs and outputs. */
  give(inputs: Tensors, batch: number): void;
  /** Computes what was given last. */
  run(): Promise<Tensors>;
  /** Nanoseconds of each section of the runs since it was last asked, where it can tell. */
  laps?(sections: number): readonly number[];
}

/** Dense, by name: N,C,H,W or N,C. */
export type Tensors = Readonly<Record<string, Float32Array>>;
