import { expect, test } from "vitest";
import { counted } from "../../src/diagnostics/counted.js";

test.each([
  [0, "0 labels"],
  [1, "1 label"],
  [2, "2 labels"],
  [1_234_567, "1,234,567 labels"],
])("%d is %s", (n, text) => expect(counted(n, "label")).toBe(text));

test("a plural of its own", () => {
  expect([1, 2].map((n) => counted(n, "class", "classes"))).toEqual(["1 class", "2 classes"]);
});
