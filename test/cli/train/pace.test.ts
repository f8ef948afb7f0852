import { expect, test } from "vitest";
import { Pace } from "../../../src/cli/train/pace.js";

/** A pace by a clock that is set. */
function paced() {
  const clock = { now: 100 };
  return { clock, pace: new Pace(() => clock.now) };
}

test("looks back on the steps there were, and not on what was before or between", () => {
  const { clock, pace } = paced();
  pace.begin();
  expect([pace.rate, pace.left({ pictures: 64, later: 0, validations: 0 })]).toEqual([
    ...[undefined, undefined],
  ]);
  for (let i = 0; i < 4; i++) {
    clock.now += 2;
    pace.step(64);
  }
  expect(pace.rate).toBe(32);
  // A validation of a minute is no step's time.
  clock.now += 60;
  pace.validated(60);
  pace.begin();
  expect(pace.rate).toBe(32);
  clock.now += 2;
  pace.step(64);
  expect(pace.rate).toBe(32);
  expect(pace.left({ pictures: 320, later: 640, validations: 2 })).toEqual({ epoch: 10, all: 150 });
});

test("forgets what is long ago", () => {
  const { clock, pace } = paced();
  pace.begin();
  clock.now += 10;
  pace.step(10);
  for (let i = 0; i < 30; i++) {
    clock.now += 1;
    pace.step(100);
  }
  expect(pace.rate).toBe(100);
});
