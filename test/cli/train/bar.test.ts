import { expect, test } from "vitest";
import { barRow } from "../../../src/cli/train/bar.js";
import { epochText } from "../../../src/cli/train/display.js";

const draw = (share: number, cells: number): string => {
  const full = Math.round(share * cells);
  return "#".repeat(full) + "-".repeat(cells - full);
};
const state = {
  ...{ epoch: 3, epochs: 40, done: 0.625, loss: 1.2345, accuracy: 0.5612, rate: 412 },
  left: { epoch: 12, all: 3730 },
};

test.each([
  [80, "epoch 3/40 ####-- 62% loss 1.234 acc 0.561 412 images/s 0:12 left (all: 1:02:10)"],
  [60, "epoch 3/40 ######--- 62% loss 1.234 0:12 left (all: 1:02:10)"],
  [40, "epoch 3/40 #########------ 62% 0:12 left"],
  [20, "epoch 3/40 ###-- 62%"],
])("a row of %i columns leaves out what matters least", (columns, expected) => {
  expect(barRow(state, columns, draw)).toBe(expected);
  expect(expected.length).toBeLessThanOrEqual(columns);
});

test("the longest figures fit 80 columns, and so does a row an epoch", () => {
  const long = {
    ...state,
    epoch: 119,
    epochs: 120,
    loss: 12.345,
    rate: 12345,
    left: { epoch: 3599, all: 359_999 },
  };
  expect(barRow(long, 79, draw).length).toBeLessThanOrEqual(79);
  expect(barRow({ ...long, doing: "validating" }, 79, draw)).toMatch(/ 62% validating$/);
  const row = {
    epoch: 7,
    steps: 1,
    loss: 1.83,
    validationLoss: 1.512,
    top1: 0.452,
    learningRate: 1.234e-7,
    seconds: 754,
  };
  const text = epochText(row, 120, true);
  expect(text).toBe(
    "epoch   7/120  loss 1.830  val loss 1.512  top-1 45.2 %  lr 1.23e-7  12:34  best",
  );
  expect(text.length).toBeLessThanOrEqual(80);
});
