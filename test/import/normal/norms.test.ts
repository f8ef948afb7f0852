import { expect, test } from "vitest";
import { wholeNorms } from "../../../src/import/normal/whole-norms.js";
import { groupnorm } from "../../../src/ops/groupnorm.js";
import { l2norm } from "../../../src/ops/l2norm.js";
import { layernorm } from "../../../src/ops/layernorm.js";
import { GraphWriter } from "../../support/graphs.js";
import { expectUntouched, held, rowsOf } from "./hold.js";

const norm = (learned: { scale: boolean; shift: boolean }, groups?: number) => {
  const w = new GraphWriter([4, 3, 2]);
  const attrs = { eps: 1e-5, ...learned, ...(groups === undefined ? {} : { groups }) };
  return w.output(w.node("n", groups === undefined ? layernorm : groupnorm, [w.input], attrs));
};

test.each([
  ["a factor and no offset", { scale: true, shift: false }],
  ["an offset and no factor", { scale: false, shift: true }],
])("a norm with %s gets the other", async (_, learned) => {
  for (const groups of [2, undefined]) {
    const after = await held(norm(learned, groups).graph(), [wholeNorms]);
    const what = groups === undefined ? "layernorm" : "groupnorm 2 groups";
    expect(rowsOf(after)).toEqual([
      `n : 4 x 3x2 = ${what} eps 0.00001 (image) weight n.weight bias n.bias`,
    ]);
  }
});

test("one with both or with neither stays as it is, and so does an l2norm", async () => {
  for (const is of [true, false]) {
    await expectUntouched(norm({ scale: is, shift: is }, 2).graph(), [wholeNorms]);
  }
  const w = new GraphWriter([4, 3, 2]);
  const attrs = { eps: 1e-5, scale: true, shift: false };
  await expectUntouched(w.output(w.node("n", l2norm, [w.input], attrs)).graph(), [wholeNorms]);
});
