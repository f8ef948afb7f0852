import { expect, test } from "vitest";
import { echo, interruption } from "../../../src/cli/train/interrupt.js";

/** Signals at times, as they come; what was called, and whether it was aborted when it was. */
function told(...signals: readonly (readonly [NodeJS.Signals, number])[]): string[] {
  const calls: string[] = [];
  let time = 1000;
  using interrupt = interruption(
    () => calls.push(interrupt.signal.aborted ? "first" : "too soon"),
    () => calls.push("second"),
    () => time,
  );
  for (const [name, at] of signals) {
    time = 1000 + at;
    process.emit(name, name);
  }
  return calls;
}

test("the Ctrl-C that npm passes on is the same wish, and a later one is another", () => {
  expect(told(["SIGINT", 0], ["SIGINT", 3])).toEqual(["first"]);
  expect(told(["SIGINT", 0], ["SIGINT", echo - 1], ["SIGTERM", 1])).toEqual(["first"]);
  expect(told(["SIGINT", 0], ["SIGINT", 3], ["SIGINT", echo])).toEqual(["first", "second"]);
  expect(told(["SIGHUP", 0], ["SIGTERM", echo])).toEqual(["first", "second"]);
});

test("a terminal that is gone is no second wish, however often it is told", () => {
  expect(told(["SIGHUP", 0], ["SIGHUP", 10 * echo])).toEqual(["first"]);
});

test("it lets go of the signals", () => {
  const before = process.listenerCount("SIGINT");
  told(["SIGINT", 0]);
  expect(process.listenerCount("SIGINT")).toBe(before);
});
