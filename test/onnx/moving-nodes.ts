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

const larger =
  (primitive: "upsample" | "bilinear") =>
  (
    title: string,
    factor: readonly number[],
    given: StoredNode,
    roles: NodeCase["is"]["roles"] = ["input", undefined, attribute],
  ): NodeCase => ({ title, node: given, is: { primitive, attrs: { factor }, roles } });

const upsample = larger("upsample");
const bilinear = larger("bilinear");

const one = (value: number) => fixed([1], value);
const scales = fixed([4], 1, 1, 2, 3);

/** As exporters write a shuffle of channels: a table, turned, and channels again. */
export const shuffling = (
  table: readonly number[],
  whole: readonly number[],
  perm: readonly number[] = [0, 2, 1, ...table.slice(3).map((_, i) => 3 + i)],
  given = image,
): readonly StoredNode[] => [
  node("Reshape", [given, fixed([table.length], ...table)], { allowzero: 0 }),
  node("Transpose", [flow()], { perm }),
  node("Reshape", [flow(), fixed([whole.length], ...whole)], { allowzero: 0 }),
];

function shuffle(title: string, groups: number, nodes: readonly StoredNode[]): NodeCase {
  const [first, ...then] = nodes;
  return {
    title,
    node: first!,
    then,
    is: { primitive: "shuffle", attrs: { groups }, roles: ["input", attribute] },
  };
}

export const moves: readonly NodeCase[] = [
  shuffle("a shuffle as PyTorch writes it", 3, shuffling([2, 3, 2, 5, 7], [2, 6, 5, 7])),
  shuffle("a shuffle of any batch", 2, shuffling([-1, 2, 3, 5, 7], [-1, 6, 5, 7])),
  shuffle("a shuffle whose groups are left over", 2, shuffling([0, -1, 3, 5, 7], [0, -1, 5, 7])),
  shuffle("a shuffle whose channels are left over", 3, shuffling([2, 3, -1, 5, 7], [2, 6, 5, -1])),
  shuffle("a shuffle of a vector", 2, shuffling([2, 2, 3], [2, 6], [0, 2, 1], vector)),
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
  bilinear(
    "Resize, linear, as PyTorch writes it",
    [2, 3],
    node("Resize", [image, undefined, scales], {
      mode: "linear",
      coordinate_transformation_mode: "pytorch_half_pixel",
      nearest_mode: "floor",
      cubic_coeff_a: -0.75,
    }),
  ),
  bilinear(
    "Resize, linear, as PyTorch's newer exporter writes it",
    [2, 3],
    node(
      "Resize",
      [image, undefined, scales],
      {
        mode: "linear",
        coordinate_transformation_mode: "pytorch_half_pixel",
        keep_aspect_ratio_policy: "stretch",
        antialias: 0,
      },
      { opset: 18 },
    ),
  ),
  bilinear(
    "Resize, linear, as it is by default, to a size",
    [2, 2],
    node("Resize", [image, undefined, undefined, fixed([4], 2, 6, 10, 14)], { mode: "linear" }),
    ["input", undefined, undefined, attribute],
  ),
  upsample("Upsample", [2, 3], node("Upsample", [image, scales], {}, { opset: 9 }), [
    "input",
    attribute,
  ]),
];
