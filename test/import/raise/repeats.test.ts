import { expect, it } from "vitest";
import { flatText } from "../../../src/import/raise/layout.js";
import { repeated } from "../../../src/import/raise/repeats.js";
import { type CallStep, leaf } from "../../../src/import/raise/tree.js";

const call = (text: string): CallStep => ({
  kind: "call",
  name: "linear",
  args: [{ value: { ...leaf("8", 8), text } }],
  entering: 8,
  hint: [],
});

const after = (...texts: readonly string[]): string =>
  flatText({ steps: repeated(texts.map(call)) });

it("repeats what stands there three times, of several steps too", () => {
  expect(after("1", "2", "2", "2")).toBe("linear(1) -> repeat(3) { linear(2) }");
  expect(after("1", "2", "1", "2", "1", "2")).toBe("repeat(3) { linear(1) -> linear(2) }");
  expect(after("1", "1")).toBe("linear(1) -> linear(1)");
});

it("does not repeat what counts on what enters the chain, which a copy has another of", () => {
  expect(after("in", "in", "in")).toBe("linear(in) -> linear(in) -> linear(in)");
});
