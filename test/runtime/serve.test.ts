import { afterEach, describe, expect, it } from "vitest";
import type { NativeSession } from "../../src/runtime/addon.js";
import { Model } from "../../src/runtime/model.js";
import { InstancePool } from "../../src/runtime/pool.js";
import { handedOverAbove } from "../../src/runtime/serve.js";
import { addon } from "./image/support.js";
import { fakeManifest } from "./support/fake.js";

const image = new Float32Array(4);
const open: Model[] = [];
afterEach(() => Promise.all(open.splice(0).map((model) => model.dispose())));

/** A model of so many microseconds an image, and what its sessions were asked for. */
function modelOf(work: number, instances = 1): { model: Model; asked: string[] } {
  const asked: string[] = [];
  const session: Partial<NativeSession> = {
    arenaBytes: 0,
    run: (batch) => {
      asked.push(`handed over ${batch}`);
      return new Promise((resolve) => setTimeout(resolve, 1));
    },
    runSync: (batch, [first]) => {
      if (first?.[0] === -2) throw Object.assign(new Error("It failed."), { code: "cuda/failed" });
      asked.push(`at once ${batch}`);
    },
    dispose: () => undefined,
  };
  const sessions = Array.from({ length: instances }, () => session as NativeSession);
  const parts = { unused: [], native: addon, work };
  const model = new Model(fakeManifest, new InstancePool(sessions), parts);
  open.push(model);
  return { model, asked };
}

describe("a short run", () => {
  it("is computed before run returns", async () => {
    const { model, asked } = modelOf(handedOverAbove(1));
    const running = model.run({ image });
    expect(asked).toEqual(["at once 1"]);
    expect((await running).y).toHaveLength(4);
  });

  it("is told by its whole batch, into however many parts it falls", async () => {
    const { model, asked } = modelOf(handedOverAbove(1) / 2);
    const images = (count: number): Float32Array => new Float32Array(image.length * count);
    await model.run({ image: images(2) });
    await model.run({ image: images(fakeManifest.maxBatch + 1) });
    const [first, ...parts] = asked;
    expect(first).toBe("at once 2");
    expect(parts).toEqual([`handed over ${fakeManifest.maxBatch}`, "handed over 1"]);
  });

  it("is one of 1 ms, or of 0.2 where others may begin beside it", () => {
    expect([1, 2, 8].map(handedOverAbove)).toEqual([1000, 200, 200]);
  });

  it.each([
    [1, ["at once 1", "handed over 1", "at once 1"], "the last has nobody beside it"],
    [2, ["at once 1", "handed over 1", "handed over 1"], "there is a core for each"],
  ])("is handed over where others run or wait: of 3 on %i, %j", async (instances, ways) => {
    const { model, asked } = modelOf(10, instances);
    await Promise.all([1, 2, 3].map(() => model.run({ image })));
    expect(asked).toEqual(ways);
    await model.run({ image });
    expect(asked.at(-1)).toBe("at once 1");
  });

  it("lets the event loop turn after each", async () => {
    const { model, asked } = modelOf(10);
    let isOver = false;
    setTimeout(() => (isOver = true), 5);
    for (let i = 0; i < 1e5 && !isOver; i++) await model.run({ image });
    expect(isOver).toBe(true);
    expect(new Set(asked)).toEqual(new Set(["at once 1"]));
  });

  it("rejects with what the native side throws, and the next one runs", async () => {
    const { model, asked } = modelOf(10);
    const failing = model.run({ image: Float32Array.of(-2, 0, 0, 0) });
    await expect(failing).rejects.toMatchObject({ code: "cuda/failed", message: "It failed." });
    await model.run({ image });
    expect(asked).toEqual(["at once 1"]);
  });
});

describe("another thread computes", () => {
  it.each([
    ["a longer run", handedOverAbove(1) + 1, 1],
    ["a run beside which another could begin", handedOverAbove(1), 2],
    ["a run of nobody knows how long", 0, 1],
  ])("%s", async (_, work, instances) => {
    const { model, asked } = modelOf(work, instances);
    await model.run({ image });
    expect(asked).toEqual(["handed over 1"]);
  });
});
