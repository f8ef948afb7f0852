import type { Checkpoint } from "../checkpoints/checkpoint.js";
import type { NetInput } from "../model/network.js";

/**
 * What nobody can see in weights: the order of a picture's channels that they were trained on. Told
 * where the framework says what it likely is and the spec says another; Keras has networks of both.
 */
export function orderNote(
  framework: Checkpoint["framework"],
  inputs: readonly Pick<NetInput, "shape" | "image">[],
): string | undefined {
  const coloured = inputs.filter(({ shape }) => shape.length === 3 && shape[0] === 3);
  const orders = coloured.flatMap(({ image }) => image?.order ?? []);
  if (framework === "Caffe" && coloured.length > 0) {
    const other = orders.find((order) => order !== "bgr");
    if (other === undefined && orders.length > 0) return undefined;
    const says = other === undefined ? "has no image(…)" : `says order: ${other}`;
    return `nearly all of Caffe's networks take blue, green, red, and the spec ${says}: image(preset: caffe)`;
  }
  if (framework === "PyTorch" && orders.includes("bgr")) {
    return "nearly all of PyTorch's networks take red, green, blue, and the spec says order: bgr";
  }
  return undefined;
}
