import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { fakeModels, slow } from "./support/models.js";

const { load } = fakeModels();

const image = new Float32Array(4);
/** Four native calls, the first of them slow. */
const long = new Float32Array(12 * 4);
long[0] = -1;

/** What became of a promise before the event loop turned: no native call can have ended by then. */
async function atOnce(promise: Promise<unknown>): Promise<unknown> {
  let outcome: unknown = "pending";
  promise.then(
    () => (outcome = "resolved"),
    (error: unknown) => (outcome = error),
  );
  for (let microtask = 0; microtask < 100; microtask++) await Promise.resolve();
  return outcome;
}

describe("an aborted run", () => {
  it("rejects at once while it waits, and leaves the line", async () => {
    const model = await load();
    const controller = new AbortController();
    const before = model.run({ image: slow });
    const waiting = model.run({ image }, { signal: controller.signal });
    const after = model.run({ image: Float32Array.of(1, 0, 0, 0) });
    controller.abort("enough");
    expect(await atOnce(waiting)).toBe("enough");
    expect((await before).y?.[0]).toBe(-1);
    expect((await after).y?.[0]).toBe(3);
  });

  it.each([
    ["fits one call", slow],
    ["is split", long],
  ])("rejects at once while it runs and %s", async (_, inputs) => {
    const model = await load();
    const controller = new AbortController();
    const running = model.run({ image: inputs }, { signal: controller.signal });
    const next = model.run({ image });
    controller.abort();
    expect(await atOnce(running)).toMatchObject({ name: "AbortError" });
    expect(await atOnce(next)).toBe("pending");
    expect((await next).sum?.[0]).toBe(10);
  });

  it("never starts where the signal was aborted before", async () => {
    const model = await load();
    const running = model.run({ image }, { signal: AbortSignal.abort(new Error("before")) });
    await expect(running).rejects.toThrow("before");
  });

  it("lets go of the signal, however it ends", async () => {
    const model = await load({ maxQueue: 3 });
    const { signal } = new AbortController();
    const failing = model.run({ image: Float32Array.of(-2, 0, 0, 0) }, { signal });
    const runs = [
      failing,
      model.run({ image }, { signal }),
      model.run({ image: long }, { signal }),
    ];
    await Promise.allSettled(runs);
    expect(getEventListeners(signal, "abort")).toEqual([]);

    const controller = new AbortController();
    const aborted = [slow, image].map((each) =>
      model.run({ image: each }, { signal: controller.signal }),
    );
    controller.abort();
    await Promise.allSettled(aborted);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("is waited for by dispose as long as its native call lasts", async () => {
    const model = await load();
    const controller = new AbortController();
    const { signal } = controller;
    const running = model.run({ image: slow }, { signal });
    const waiting = Promise.allSettled([model.run({ image }, { signal }), model.run({ image })]);
    const disposed = model.dispose();
    controller.abort();
    expect(await atOnce(running)).toMatchObject({ name: "AbortError" });
    expect(await atOnce(disposed)).toBe("pending");
    expect((await waiting).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    await disposed;
  });
});

describe("maxQueue", () => {
  it("refuses a run beyond the line, and takes it where there is room again", async () => {
    const model = await load({ instances: 2, maxQueue: 1 });
    const controller = new AbortController();
    const running = [model.run({ image: slow }), model.run({ image: slow })];
    const waiting = model.run({ image }, { signal: controller.signal });
    await expect(model.run({ image })).rejects.toMatchObject({
      code: "model/busy",
      message: "Fake.run: every instance runs, and 1 run waits already.",
      help: "try again later, or load with more instances or a larger maxQueue",
    });
    controller.abort();
    await expect(waiting).rejects.toThrow("aborted");
    expect((await model.run({ image })).sum?.[0]).toBe(10);
    await Promise.all(running);
  });

  it("of 0 lets nobody wait", async () => {
    const model = await load({ maxQueue: 0 });
    const running = model.run({ image: slow });
    await expect(model.run({ image })).rejects.toMatchObject({ code: "model/busy" });
    await running;
    expect((await model.run({ image })).sum?.[0]).toBe(10);
  });

  it("counts a run that was aborted as long as it holds its instance", async () => {
    const model = await load({ maxQueue: 0 });
    const controller = new AbortController();
    const running = model.run({ image: slow }, { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toThrow("aborted");
    await expect(model.run({ image })).rejects.toMatchObject({ code: "model/busy" });
  });
});

describe("a signal that many runs share", () => {
  it("gets one listener, of which Node has no leak to warn", async () => {
    const model = await load();
    const controller = new AbortController();
    const { signal } = controller;
    const runs = Array.from({ length: 20 }, () => model.run({ image: slow }, { signal }));
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    controller.abort();
    const ends = await Promise.allSettled(runs);
    expect(ends.every(({ status }) => status === "rejected")).toBe(true);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});
