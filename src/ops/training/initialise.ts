/** What parameters are before training. Numbers hang on the seed, the name and the place alone. */
import { fnv1a } from "../fnv1a.js";
import type { ParameterSpec } from "../operator.js";
import { elements, type Shape } from "../shape.js";
import { philox } from "./philox.js";

/**
 * - `kaiming`: He et al. 2015, uniform with the variance 2 / fan in
 * - `xavier`: Glorot & Bengio 2010, uniform with the variance 2 / (fan in + fan out)
 * - `truncated_normal`: of deviation 0.01, within two of it, as torchvision's GoogLeNet begins
 *
 * Biases are 0; factors are 1 unless their operator says another number, a norm's offsets 0, its
 * statistics 0 and 1.
 */
export type Initialiser = (typeof initialisers)[number];

export const initialisers = ["kaiming", "xavier", "truncated_normal"] as const;

export type Named = Pick<ParameterSpec, "role" | "shape" | "fanIn" | "initial"> & {
  readonly name: string;
};

/** @param wanted of which parameters values are given */
export function initialise(
  parameters: readonly Named[],
  initialiser: Initialiser,
  seed: number,
  wanted: (name: string) => boolean = () => true,
): ReadonlyMap<string, Float32Array> {
  return new Map(
    parameters
      .filter(({ name }) => wanted(name))
      .map((parameter) => {
        const draw = new Draw(seed, parameter.name);
        const of = numberOf(parameter, initialiser, draw);
        const values = new Float32Array(elements(parameter.shape));
        for (let place = 0; place < values.length; place++) values[place] = of(place);
        return [parameter.name, values];
      }),
  );
}

type NumberOf = (place: number) => number;

function numberOf(
  { role, shape, fanIn, initial = 1 }: Named,
  initialiser: Initialiser,
  draw: Draw,
): NumberOf {
  switch (role) {
    case "gamma":
      return () => initial;
    case "running_var":
      return () => 1;
    case "beta":
    case "running_mean":
    case "bias":
      return () => 0;
    case "weight":
      return weightOf(shape, fanIn, initialiser, draw);
  }
}

function weightOf(shape: Shape, fanIn: number, initialiser: Initialiser, draw: Draw): NumberOf {
  const fanOut = elements(shape) / (shape[1] ?? 1);
  switch (initialiser) {
    case "kaiming":
      return draw.within(Math.sqrt(6 / fanIn));
    case "xavier":
      return draw.within(Math.sqrt(6 / (fanIn + fanOut)));
    case "truncated_normal":
      return draw.truncated(0.01);
  }
}

/** Random numbers of one tensor. */
class Draw {
  private readonly stream: number;

  constructor(
    private readonly seed: number,
    name: string,
  ) {
    this.stream = fnv1a(name) >>> 0;
  }

  /** Uniform between -bound and bound. */
  within(bound: number): NumberOf {
    return (place) => bound * (2 * this.uniform(place, 0) - 1);
  }

  /** Normal, drawn again where it is more than two deviations out (Box & Muller 1958). */
  truncated(deviation: number): NumberOf {
    return (place) => {
      for (let attempt = 0; ; attempt++) {
        const [words, other] = [
          this.uniform(place, 2 * attempt),
          this.uniform(place, 2 * attempt + 1),
        ];
        const normal = Math.sqrt(-2 * Math.log(1 - words)) * Math.cos(2 * Math.PI * other);
        if (Math.abs(normal) <= 2) return deviation * normal;
      }
    };
  }

  /** From 0 to below 1, of 32 bits. */
  private uniform(place: number, draw: number): number {
    return philox([place, this.stream, draw, 1], [this.seed, 0])[0] / 2 ** 32;
  }
}
