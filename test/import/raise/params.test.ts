import { expect, it } from "vitest";
import type { Hole } from "../../../src/import/raise/leaves.js";
import { paramsOf } from "../../../src/import/raise/params.js";
import { leaf } from "../../../src/import/raise/tree.js";

const hole = (
  number: number,
  entering: number,
  more: Partial<Hole> & { text?: string } = {},
): Hole => ({
  leaf: { ...leaf(`${number}`, number), ...(more.text === undefined ? {} : { text: more.text }) },
  entering,
  isNested: false,
  role: "channels",
  label: "",
  isEarlier: false,
  ...more,
});

it("says what is the same everywhere, and the same of what enters", () => {
  const rows = [
    [hole(64, 16), hole(16, 16), hole(8, 16)],
    [hole(64, 32), hole(32, 32), hole(16, 32)],
  ];
  expect(paramsOf(rows, [true, true])?.texts).toEqual(["64", "in", "in / 2"]);
});

it("makes one parameter of what always moves together, and multiples of it", () => {
  const rows = [8, 16, 24].map((n) => [hole(n, 3), hole(n, 5), hole(4 * n, 7)]);
  const params = paramsOf(rows, [true, true, true]);
  expect(params?.names).toEqual(["n"]);
  expect(params?.texts).toEqual(["n", "n", "4 * n"]);
});

it("hands over what enters a chain where the call does not stand at its start", () => {
  const rows = [[hole(8, 16, { text: "in" })], [hole(8, 8, { text: "in" })]];
  expect(paramsOf(rows, [true, true])?.texts).toEqual(["in"]);
  const params = paramsOf(rows, [false, true]);
  expect(params?.texts).toEqual(["n"]);
  expect(params?.calls.map(([own]) => own!.text)).toEqual(["in", "in"]);
});

it("makes no module that would need what enters a chain inside", () => {
  const rows = [[hole(8, 8, { text: "in", isNested: true })], [hole(9, 8, { isNested: true })]];
  expect(paramsOf(rows, [true, true])).toBeUndefined();
});
