/** An auxiliary head without room for its window is told where in the model it would have it. */
import { expect, test } from "vitest";
import { check, codes } from "../support/check.js";

const helps = (text: string): (string | undefined)[] =>
  check(text).diagnostics.map(({ help }) => help);

const model = (body: string, declarations = ""): string =>
  `${declarations} model M { input image: f32[3, 28, 28] ${body} output y: identity }`;

test("the whole head is tried, with what enters it there", () => {
  const stages = "a: conv(1x1, 8) b: maxpool(2x2) c: conv(1x1, 16, act: relu) d: globalavgpool";
  // Behind b the groups would not divide the channels.
  const head = "module Head { avgpool(5x5/3) -> conv(1x1, 32, groups: 16) }";
  expect(helps(model(`${stages} aux x: Head`, head))).toEqual([
    "attach it at 14x14 as in GoogLeNet, after 4a and 4d: c has that, or take a window of at most 1x1",
  ]);
});

test("a stage may come after the head", () => {
  const body = "a: globalavgpool aux x: avgpool(5x5/3) b: from image -> maxpool(2x2)";
  expect(helps(model(body))[0]).toMatch(/^attach it at 14x14 .*: b has that,/);
});

test("in outputs and stages nothing is said of heads", () => {
  expect(helps(model("a: maxpool(2x2) output x: globalavgpool -> avgpool(5x5/3)"))).toEqual([
    "leave avgpool out: one pixel is left already",
  ]);
});

test("a head that is only tried leaves no findings and no parameter names", () => {
  const body = "a: maxpool(2x2) b: globalavgpool aux x: avgpool(5x5/3) -> linear(4) as fc";
  const later = "output z: from a -> flatten -> linear(2) as head";
  expect(codes(model(`${body} ${later}`))).toEqual(["shape/empty"]);
});

test("trying ends, however many heads and stages there are", () => {
  const stages = Array.from({ length: 200 }, (_, i) => `s${i}: conv(2x2, 4, pad: 1)`).join(" ");
  const heads = Array.from({ length: 200 }, (_, i) => `aux h${i}: from p -> avgpool(300x300)`);
  const found = helps(model(`${stages} p: globalavgpool ${heads.join(" ")}`));
  expect(found).toHaveLength(200);
  expect(found[0]).toMatch(/^no stage here has room for it/);
  expect(found.at(-1)).toBe("take a window of at most 1x1");
});
