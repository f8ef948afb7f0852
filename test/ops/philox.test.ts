import { expect, test } from "vitest";
import { philox } from "../../src/ops/training/philox.js";

/** The known answers that come with the authors' library, Random123. */
test.each([
  [0, [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
  [0xffffffff, [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
])("counter and key of %i everywhere", (word, expected) => {
  expect(philox([word, word, word, word], [word, word])).toEqual(expected);
});

test("the digits of pi", () => {
  const words = philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]);
  expect(words).toEqual([0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]);
});
