import { describe, expect, it } from "vitest";
import { parseLabels, rank, softmax } from "../../src/runtime/classify.js";

describe("rank", () => {
  it("gives the likeliest first, equals by index", () => {
    const row = Float32Array.of(0.25, 0.5, 0.25, 0);
    expect(rank(row, 3, ["a", "b", "c", "d"])).toEqual([
      { index: 1, label: "b", probability: 0.5 },
      { index: 0, label: "a", probability: 0.25 },
      { index: 2, label: "c", probability: 0.25 },
    ]);
  });

  it("shows indices without labels, and all classes where fewer are there", () => {
    expect(rank(Float32Array.of(0, 1), 5, undefined).map(({ label }) => label)).toEqual(["1", "0"]);
  });
});

describe("softmax", () => {
  it("sums to 1 and stands large logits", () => {
    const result = softmax(Float32Array.of(1000, 1000 + Math.log(3)));
    expect(result[0]).toBeCloseTo(0.25, 4);
    expect(result[1]).toBeCloseTo(0.75, 4);
  });
});

describe("labels", () => {
  it("drops synset ids, byte order mark, carriage returns and blank ends", () => {
    const text = "\uFEFFn02123045 tabby, tabby cat\r\n\r\nn1 short id\ndog \n\n";
    expect(parseLabels(text)).toEqual(["tabby, tabby cat", "", "n1 short id", "dog"]);
  });
});
