/**
 * What the bench says to a process that it measures, and what that answers: one JSON object a line,
 * on its stdin and stdout. So a process may be Node's or any other program's. It ends with its stdin.
 */

/** What a process of ours opens, as its only argument. */
export type Setup =
  | {
      readonly engine: "inceptc";
      /** The folder of a build; a timed one gives laps. */
      readonly directory: string;
      readonly weights: string;
      readonly threads: number;
    }
  | {
      readonly engine: "onnxruntime";
      readonly model: string;
      readonly threads: number;
      /** The package's file. */
      readonly module: string;
    };

export type Request =
  /** Reads what every run computes from then on: files of f32, N,C,H,W, by the input's name. */
  | {
      readonly ask: "give";
      readonly batch: number;
      readonly inputs: Files;
    }
  /** Runs once, and writes each output as it is given. */
  | { readonly ask: "answer"; readonly outputs: Files }
  /** Runs once without looking at the clock, then so many times. */
  | { readonly ask: "time"; readonly runs: number }
  /** The same for each section of a program that is timed. */
  | { readonly ask: "laps"; readonly runs: number; readonly sections: number }
  | { readonly ask: "memory" };

export type Files = Readonly<Record<string, string>>;

/** To a request of that name, and to the start. */
export interface Answers {
  readonly start: Started;
  readonly give: object;
  readonly answer: object;
  readonly time: { readonly milliseconds: readonly number[] };
  /** Nanoseconds, by run and section. */
  readonly laps: { readonly nanoseconds: readonly (readonly number[])[] };
  readonly memory: Memory;
}

/** It has loaded the network. */
export interface Started {
  readonly engine: string;
  readonly version: string;
}

/** Bytes of resident memory. */
export interface Memory {
  /** Before the engine was loaded. */
  readonly before: number;
  /** At the worst moment until now. */
  readonly peak: number;
}

/** In the place of any answer. */
export interface Failed {
  readonly error: { readonly code?: string; readonly message: string; readonly help?: string };
}
