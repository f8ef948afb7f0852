/** Nodes that cut channels out and that repeat pixels, with what each is here. */
import type { StoredNode } from "../../src/ops/onnx.js";
import type { NodeCase } from "./nodes.js";
import { fixed, flow, image, node, vector } from "./stored.js";

const attribute = "attribute" as const;

const slice = (title: string, from: number, count: number, given: StoredNode): NodeCase => ({
  title,
  node: given,
  is: {
    primitive: "slice",
    attrs: { from, count },
    roles: given.operands.map((_, i) => (i === 0 ? "input" : attribute)),
  },
});

const upsample = (
  title: string,
  factor: readonly number[],
  given: StoredNode,
  roles: NodeCase["is"]["roles"] = ["input", undefined, attribute],
): NodeCase => ({ title, node: given, is: { primitive: "upsample", attrs: { factor }, roles } });

const one = (value: number) => fixed([1], value);
const scales = fixed([4], 1, 1, 2, 3);

export const moves: readonly NodeCase[] = [
  slice("Slice of channels", 1, 3, node("Slice", [image, one(1), one(4), one(1), one(1)])),
  slice("Slice to the end", 2, 4, node("Slice", [image, one(2), one(2 ** 40), one(1)])),
  slice("Slice counted from the end", 2, 3, node("Slice", [image, one(-4), one(-1), one(-3)])),
  slice(
    "Slice of channels whose number is not known",
    1,
    2,
    node("Slice", [flow(2, undefined, 6, 8), one(1), one(3), one(1)]),
  ),
  slice(
    "Slice before opset 10",
    0,
    3,
    node("Slice", [vector], { starts: [0], ends: [3], axes: [1] }, { opset: 9 }),
  ),
  upsample(
    "Resize as PyTorch writes it",
    [2, 3],
    node("Resize", [image, undefined, scales], {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
      cubic_coeff_a: -0.75,
    }),
  ),
  upsample("Resize, as it is by default", [2, 3], node("Resize", [image, undefined, scales])),
  upsample(
    "Resize to a size",
    [2, 2],
    node("Resize", [image, undefined, undefined, fixed([4], 2, 6, 10, 14)]),
    ["input", undefined, undefined, attribute],
  ),
  upsample("Upsample", [2, 3], node("Upsample", [image, scales], {}, { opset: 9 }), [
    "input",
    attribute,
  ]),
];
