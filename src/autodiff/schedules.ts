/** By what the learning rate is multiplied as training goes on. */

export type Schedule =
  | { readonly kind: "constant" }
  /** After each `every` epochs by `factor` again. */
  | { readonly kind: "step"; readonly every: number; readonly factor: number }
  /**
   * From 1 to 0 along half a cosine (Loshchilov & Hutter 2017, without restarts), after it has grown
   * from 0 to 1 in equal steps over the first `warmup` epochs.
   */
  | { readonly kind: "cosine"; readonly warmup: number };

/** Where training stands: `step` counts from 0. */
export interface Progress {
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
}

export function rateFactor(schedule: Schedule, { step, stepsPerEpoch, epochs }: Progress): number {
  switch (schedule.kind) {
    case "constant":
      return 1;
    case "step":
      return schedule.factor ** Math.floor(step / stepsPerEpoch / schedule.every);
    case "cosine": {
      const warm = schedule.warmup * stepsPerEpoch;
      if (step < warm) return (step + 1) / warm;
      const rest = epochs * stepsPerEpoch - warm;
      return (1 + Math.cos((Math.PI * Math.min(step - warm, rest)) / rest)) / 2;
    }
  }
}
