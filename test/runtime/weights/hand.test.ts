import { mkdtempSync, readSync, rmSync, truncateSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { float32Tensor, writeSafetensors } from "../../../src/checkpoints/safetensors/write.js";
import { type NativeModel, openAddon } from "../../../src/runtime/addon.js";
import { handWeights } from "../../../src/runtime/weights/hand.js";
import type { RandomParameter } from "../../../src/runtime/weights/random.js";
import { fakeArtefact } from "../support/fake.js";

const weight: RandomParameter = { name: "a.weight", shape: [2, 3], role: "weight", fanIn: 3 };
const variance: RandomParameter = {
  name: "n.running_var",
  shape: [2],
  role: "running_var",
  fanIn: 0,
};
const parameters = [weight, variance];

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "incept-hand-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of the two parameters, the second one before the first. */
async function fileOf(
  name: string,
  weights: readonly number[],
  variances = [1, 2],
): Promise<string> {
  const path = join(folder, name);
  const tensors = new Map([
    [variance.name, float32Tensor(variance.shape, Float32Array.from(variances))],
    [weight.name, float32Tensor(weight.shape, Float32Array.from(weights))],
  ]);
  await writeSafetensors(path, tensors);
  return path;
}

type Load = NativeModel["load"];

/** A model that only looks at what it is given. */
const modelThat = (load: Load): NativeModel => ({ load, dispose: () => undefined });

const hand = (path: string, load: Load, readsFiles = true): ReturnType<typeof handWeights> =>
  handWeights({ kind: "file", path }, parameters, {}, { readsFiles }, modelThat(load));

describe("weights of a file, handed to the native side", () => {
  it("are a place in the open file, and running variances in memory", async () => {
    const path = await fileOf("plain", [1, 2, 3, 4, 5, 6]);
    let read: Float32Array | undefined;
    const told = await hand(path, (values, file) => {
      read = new Float32Array(6);
      readSync(file!, new Uint8Array(read.buffer), 0, 24, values[0] as number);
      expect(values[1]).toEqual(Float32Array.of(1, 2));
      return Promise.resolve([]);
    });
    expect(read).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    expect(told).toEqual({ unused: [], remarks: [] });
  });

  it("are in memory where the native side reads no files", async () => {
    const path = await fileOf("memory", [1, 2, 3, 4, 5, 6]);
    const told = await hand(
      path,
      (values, file) => {
        expect(values).toEqual([Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(1, 2)]);
        expect(file).toBeUndefined();
        return Promise.resolve([]);
      },
      false,
    );
    expect(told.remarks).toEqual([]);
  });

  it("are told of where they give no results", async () => {
    const path = await fileOf("odd", [1, NaN, 3, Infinity, 5, NaN], [1, -2]);
    const { remarks } = await hand(path, () => Promise.resolve([0]));
    expect(remarks).toEqual([
      `${path} holds values that give no results: a.weight (2 NaN, 1 infinite), n.running_var (1 negative variance)`,
    ]);
  });

  it("are what the reader says where the file became shorter", async () => {
    const path = await fileOf("short", [1, 2, 3, 4, 5, 6]);
    const shorter: Load = () => {
      truncateSync(path, 90);
      const error = new Error("The values of a.weight could not be read.");
      return Promise.reject(Object.assign(error, { code: "file/unreadable" }));
    };
    await expect(hand(path, shorter)).rejects.toMatchObject({
      code: "weights/truncated",
      message: `${path} became shorter while it was read.`,
    });
  });

  it("keep what the native side says where the file is as it was", async () => {
    const path = await fileOf("other", [1, 2, 3, 4, 5, 6]);
    const error = Object.assign(new Error("There is no memory."), { code: "memory/exhausted" });
    await expect(hand(path, () => Promise.reject(error))).rejects.toMatchObject({
      code: "memory/exhausted",
      message: "There is no memory.",
    });
  });
});

describe("a native model", () => {
  const { Model, Session, readsFiles } = openAddon(join(fakeArtefact(), "fake.node"));

  async function sums(values: readonly (Float32Array | number)[], file?: number): Promise<unknown> {
    const [model, session] = [new Model(), new Session()];
    const beyond = await model.load(values, file);
    await session.open(model, { threads: 1, device: 0 });
    const [y, sum] = [new Float32Array(4), new Float32Array(1)];
    session.runSync(1, [new Float32Array(4)], [y, sum]);
    session.dispose();
    model.dispose();
    return { beyond, y: [...y] };
  }

  it.runIf(readsFiles)("reads a parameter from where it begins in a file", async () => {
    const path = join(folder, "bias");
    await using file = await open(path, "w+");
    await file.write(new Uint8Array(Float32Array.of(9, 1, 2, 3, 4, NaN, 7, 8).buffer));
    expect(await sums([4], file.fd)).toEqual({ beyond: [], y: [1, 2, 3, 4] });
    expect(await sums([16], file.fd)).toEqual({ beyond: [0], y: [4, NaN, 7, 8] });
    for (const [position, fd] of [
      [20, file.fd],
      [0, 12345],
      [0, undefined],
    ] as const) {
      await expect(new Model().load([position], fd)).rejects.toMatchObject({
        code: "file/unreadable",
        message: "The values of layer.bias could not be read.",
      });
    }
  });

  it("takes values in memory, as many as there must be", async () => {
    expect(await sums([Float32Array.of(1, 2, 3, 4)])).toEqual({ beyond: [], y: [1, 2, 3, 4] });
    expect(() => new Model().load([new Float32Array(3)])).toThrow("wrong number of values");
    expect(() => new Model().load([])).toThrow("wrong length");
  });
});
