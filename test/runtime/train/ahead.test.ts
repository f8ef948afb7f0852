import { expect, it } from "vitest";
import { Ahead } from "../../../src/runtime/train/ahead.js";

/** Makes numbers; what is begun, and who is told that nobody takes it any more. */
function maker() {
  const begun: number[] = [];
  const signals: AbortSignal[] = [];
  const make = async (k: number, signal: AbortSignal): Promise<number> => {
    begun.push(k);
    signals.push(signal);
    await Promise.resolve();
    if (k === 3) throw new Error("the third");
    return k * 10;
  };
  return { begun, signals, make };
}

const settled = (): Promise<unknown> => new Promise(setImmediate);

it("makes a few ahead, in order, and no more", async () => {
  const { begun, make } = maker();
  const ahead = new Ahead(0, 9, 2, make);
  await settled();
  expect(begun).toEqual([0, 1]);
  expect(await ahead.next()).toEqual({ done: false, value: 0 });
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  await ahead.return();
});

it("ends, and begins where it is told to", async () => {
  const { begun, make } = maker();
  const ahead = new Ahead(4, 6, 2, make);
  expect((await ahead.next()).value).toBe(40);
  expect((await ahead.next()).value).toBe(50);
  expect(await ahead.next()).toEqual({ done: true, value: undefined });
  expect(begun).toEqual([4, 5]);
});

it("tells what failed where it would have been taken", async () => {
  const ahead = new Ahead(1, 9, 3, maker().make);
  await settled();
  expect((await ahead.next()).value).toBe(10);
  expect((await ahead.next()).value).toBe(20);
  await expect(ahead.next()).rejects.toThrow("the third");
  await ahead.return();
});

it("stops when nobody takes any more, and waits for what is under way", async () => {
  const { begun, signals, make } = maker();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let ended = false;
  const ahead = new Ahead(0, 9, 2, async (k, signal) => {
    await make(k, signal);
    await held;
    ended = true;
    return k;
  });
  await settled();
  const returned = ahead.return().then(() => ended);
  expect(signals[0]!.aborted).toBe(true);
  release();
  expect(await returned).toBe(true);
  expect(begun).toEqual([0]);
  expect(await ahead.next()).toEqual({ done: true, value: undefined });
});
