import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import * as kinds from "../../src/ops/kinds.js";
import type { Kind } from "../../src/ops/signature.js";
import { formatValue, type ArgValue } from "../../src/ops/value.js";

const n = (value: number): ArgValue => ({ kind: "number", value });
const size = (height: number, width: number): ArgValue => ({ kind: "size", size: [height, width] });
const word = (text: string): ArgValue => ({ kind: "word", word: text });

const outcome = (kind: Kind<unknown>, value: ArgValue): unknown => {
  const reading = kind.read(value);
  return reading.ok ? reading.value : reading.fault;
};

describe("a kind reads what it expects, and says whether type or range is wrong", () => {
  it.each<[string, Kind<unknown>, ArgValue, unknown]>([
    ["count", kinds.count, n(7), 7],
    ["count", kinds.count, n(0), "range"],
    ["count", kinds.count, n(2 ** 31), "range"],
    ["count", kinds.count, n(3.5), "type"],
    ["count", kinds.count, size(1, 1), "type"],
    ["natural", kinds.natural, n(0), 0],
    ["integer", kinds.integer, n(-100), -100],
    ["integer", kinds.integer, n(0.5), "type"],
    ["integer", kinds.integer, n(-(2 ** 31)), "range"],
    ["reference", kinds.reference("a"), word("prob"), "prob"],
    ["reference", kinds.reference("a"), { kind: "string", value: "prob" }, "type"],
    ["reference", kinds.reference("a"), n(3), "type"],
    ["a record", kinds.count, { kind: "record", names: ["a"] }, "type"],
    ["odd", kinds.oddCount, n(5), 5],
    ["odd", kinds.oddCount, n(4), "range"],
    ["fraction", kinds.fraction, n(0), 0],
    ["fraction", kinds.fraction, n(1), "range"],
    ["positive", kinds.positive, n(0), "range"],
    ["number", kinds.number(), n(Infinity), "range"],
    ["bool", kinds.bool, { kind: "bool", value: false }, false],
    ["bool", kinds.bool, n(1), "type"],
    ["size", kinds.size, size(3, 5), [3, 5]],
    ["size", kinds.size, size(0, 5), "range"],
    ["window", kinds.window, size(3, 5), { kernel: [3, 5] }],
    [
      "window",
      kinds.window,
      { kind: "window", kernel: [3, 3], stride: [2, 1] },
      { kernel: [3, 3], stride: [2, 1] },
    ],
    ["window", kinds.window, { kind: "window", kernel: [3, 3], stride: [0, 0] }, "range"],
    ["window", kinds.window, { kind: "window", kernel: [3, 3], stride: [1.5, 1.5] }, "range"],
    ["window", kinds.window, n(3), "type"],
    ["pair", kinds.pair(1), n(2), [2, 2]],
    ["pair", kinds.pair(1), size(1, 2), [1, 2]],
    ["pad", kinds.pad, n(0), [0, 0]],
    ["pad", kinds.pad, size(0, 3), [0, 3]],
    ["pad", kinds.pad, word("same"), "same"],
    ["pad", kinds.pad, word("tf_same"), "tf_same"],
    ["pad", kinds.pad, word("relu"), "type"],
    ["pad", kinds.pad, n(-1), "range"],
    ["word", kinds.word("rgb", "bgr"), word("bgr"), "bgr"],
    ["word", kinds.word("rgb", "bgr"), { kind: "string", value: "bgr" }, "type"],
    ["per channel", kinds.perChannel(), n(2), [2]],
    ["per channel", kinds.perChannel(), { kind: "list", items: [n(1), n(2)] }, [1, 2]],
    ["per channel", kinds.perChannel(), { kind: "list", items: [] }, "range"],
    ["per channel", kinds.perChannel(), { kind: "list", items: [word("same")] }, "type"],
  ])("%s", (_, kind, value, expected) => {
    expect(outcome(kind, value)).toEqual(expected);
  });

  test("a bare number where a window belongs is told how it is written", () => {
    expect(kinds.window.read(n(3))).toMatchObject({ help: "write 3x3" });
  });
});

test("no kind throws, whatever the value", () => {
  const values: fc.Arbitrary<ArgValue> = fc.letrec<{ value: ArgValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.double().map(n),
      fc.tuple(fc.integer(), fc.integer()).map(([h, w]) => size(h, w)),
      fc.string().map(word),
      fc.string().map((value): ArgValue => ({ kind: "string", value })),
      fc.array(tie("value")).map((items): ArgValue => ({ kind: "list", items })),
    ),
  })).value;
  const all: Kind<unknown>[] = [
    kinds.count,
    kinds.oddCount,
    kinds.fraction,
    kinds.bool,
    kinds.size,
    kinds.window,
    kinds.pad,
    kinds.perChannel(),
    kinds.listOf(kinds.count),
    kinds.word("a"),
  ];
  fc.assert(
    fc.property(values, (value) => {
      for (const kind of all) expect(typeof kind.read(value).ok).toBe("boolean");
      expect(typeof formatValue(value)).toBe("string");
    }),
  );
});
