/** Nodes of versions that no engine of today runs. */
import { expect, test } from "vitest";
import { readFirst } from "../../../src/onnx/read.js";
import { image, node } from "../../onnx/stored.js";

test("an Upsample before version 9 has its factors in an attribute", () => {
  const old = node("Upsample", [image], { scales: [1, 1, 2, 3] }, { opset: 7 });
  expect(readFirst([old])).toMatchObject({
    primitive: { name: "upsample" },
    attrs: { factor: [2, 3] },
    roles: ["input"],
  });
});
