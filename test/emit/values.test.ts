import { expect, it } from "vitest";
import { Names } from "../../src/emit/names.js";
import { valueTable } from "../../src/emit/values.js";
import type { Stripe } from "../../src/targets/program.js";

const stripe = (path: string, more: Partial<Stripe> = {}): Stripe => ({
  path,
  buffer: 256,
  shape: [8, 4, 4],
  pitch: 8,
  channel: 0,
  ...more,
});

it("has a row for each value, once, with its slice and place", () => {
  const slice = stripe("b", { pitch: 24, channel: 8 });
  const rows = valueTable(
    [stripe("a"), slice, stripe("a"), stripe("c", { shape: [5], pitch: 5 })],
    new Names({ inputs: [], outputs: [] }),
  );
  expect(rows.map((row) => row.replace(/ +/g, " "))).toEqual([
    "inline constexpr Value a = Value{}.image(8, 4, 4) .at(256);",
    "inline constexpr Value b = Value{}.image(8, 4, 4).slice(8, 24).at(256);",
    "inline constexpr Value c = Value{}.vector(5) .at(256);",
  ]);
});

it("refuses two places for one value", () => {
  expect(() =>
    valueTable([stripe("a"), stripe("a", { buffer: 512 })], new Names({ inputs: [], outputs: [] })),
  ).toThrow("bug: a has two places");
});
