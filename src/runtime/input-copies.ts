/** Copies of what callers hand to `run`, in memory that one run after another takes. */
import type { CheckedInputs } from "./inputs.js";

type Copies = readonly Float32Array[];

/**
 * Copies of inputs, one array an input. A run that took new memory each time would leave it to the
 * garbage collector, which lets tens of megabytes gather, and would have the system clear it.
 *
 * Kept are as many as runs may be under way, of as many images as one native call takes: who runs
 * hundreds of images once does not hold them for ever.
 */
export class InputCopies {
  readonly #idle: Copies[] = [];

  /**
   * @param most how many copies are kept
   * @param maxBatch of how many images
   */
  constructor(
    private readonly most: number,
    private readonly maxBatch: number,
  ) {}

  /** The values as they are now, in memory that nobody else has; bytes become as many f32. */
  take({ data }: CheckedInputs): Copies {
    const found = this.#idle.pop() ?? [];
    return data.map((values, i) => {
      const kept = found[i];
      if (kept === undefined || kept.length < values.length) return new Float32Array(values);
      const copy = kept.subarray(0, values.length);
      copy.set(values);
      return copy;
    });
  }

  /** Nobody looks at them any more. */
  giveBack(copies: Copies, batch: number): void {
    if (batch > this.maxBatch || this.#idle.length >= this.most) return;
    this.#idle.push(copies.map(whole));
  }
}

const whole = ({ buffer }: Float32Array): Float32Array => new Float32Array(buffer);
