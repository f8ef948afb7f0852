import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { elements, type Shape } from "../../src/ops/shape.js";
import { openSafetensors } from "../../src/checkpoints/open.js";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../fixtures-torch");

/** One call of an operator as PyTorch computed it, in float64, rounded to f32. */
export interface TorchCase {
  readonly call: string;
  /** C,H,W or N. */
  readonly input: Shape;
  /** Why it was chosen by hand; absent for drawn cases. */
  readonly why?: string;
  readonly batch: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Where there is one: from where the mean squared distance of y is taken, and its derivative by x. */
  readonly target?: Float32Array;
  readonly dx?: Float32Array;
  /** By name in the network of `torchSpec`. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

export const torchOperators: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".safetensors"))
  .map((file) => file.slice(0, -".safetensors".length));

/** The cases of one operator, see fixtures-torch/make_fixtures.py. */
export async function torchCases(operator: string): Promise<TorchCase[]> {
  const file = await openSafetensors(join(folder, `${operator}.safetensors`));
  try {
    const listed = JSON.parse(file.metadata.cases!) as Pick<TorchCase, "call" | "input" | "why">[];
    const cases: TorchCase[] = [];
    for (const [i, { call, input, why }] of listed.entries()) {
      const tensors = new Map<string, Float32Array>();
      for (const name of file.tensors.keys()) {
        const [owner, ...rest] = name.split(".");
        if (owner === `case${i}`) tensors.set(rest.join("."), await file.readFloat32(name));
      }
      const { x, y, target, dx, ...weights } = Object.fromEntries(tensors);
      cases.push({
        call,
        input,
        ...(why === undefined ? {} : { why }),
        batch: x!.length / elements(input),
        x: x!,
        y: y!,
        ...(target && { target }),
        ...(dx && { dx }),
        weights: new Map(Object.entries(weights).map(([name, values]) => [`y.${name}`, values])),
      });
    }
    return cases;
  } finally {
    await file.close();
  }
}

export const torchSpec = ({ call, input }: TorchCase): string =>
  `model Case {\n  input x: f32[${input.join(", ")}]\n  output y: ${call}\n}\n`;
