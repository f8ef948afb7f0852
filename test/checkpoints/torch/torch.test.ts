import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import type { Checkpoint } from "../../../src/checkpoints/checkpoint.js";
import { openCheckpoint } from "../../../src/checkpoints/open.js";
import { fixture } from "../expected.js";

const file = (name: string): string => fixture("torch", `${name}.pth`);

/** What PyTorch read out of each file: see make_torch.py. */
interface Expected {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: readonly string[];
}
const expected = JSON.parse(readFileSync(fixture("torch", "expected.json"), "utf8")) as Readonly<
  Record<string, Readonly<Record<string, Expected>>>
>;

const floats: Readonly<Record<string, string>> = {
  float64: "F64",
  float32: "F32",
  float16: "F16",
  bfloat16: "BF16",
};
const number = (text: string): number => Math.fround(Number(text.replace("inf", "Infinity")));

async function opened<T>(
  from: string | Uint8Array,
  use: (checkpoint: Checkpoint) => Promise<T> | T,
  key?: string,
): Promise<T> {
  const checkpoint = await openCheckpoint(from, { key });
  try {
    return await use(checkpoint);
  } finally {
    await checkpoint.close();
  }
}

/** All floats of a file, bit for bit as PyTorch has them. */
async function requireEqual(name: string, key?: string): Promise<void> {
  const tensors = Object.entries(expected[name]!);
  expect(tensors.length).toBeGreaterThan(0);
  await opened(
    file(name),
    async (checkpoint) => {
      expect([...checkpoint.tensors.keys()]).toEqual(
        expect.arrayContaining(tensors.map(([tensor]) => tensor)),
      );
      for (const [tensor, { shape, dtype, values }] of tensors) {
        expect(checkpoint.tensors.get(tensor)?.shape).toEqual(shape);
        if (floats[dtype] === undefined) continue;
        expect(checkpoint.tensors.get(tensor)?.dtype).toBe(floats[dtype]);
        expect([...(await checkpoint.readFloat32(tensor))]).toEqual(values.map(number));
      }
    },
    key,
  );
}

describe("what torch.save wrote", () => {
  const keys: Readonly<Record<string, string>> = { several: "ema.state_dict" };
  test.each(Object.keys(expected))("%s", (name) => requireEqual(name, keys[name]));

  it("is in the order of the state dict", () =>
    opened(file("zip"), ({ tensors }) => {
      expect([...tensors.keys()].slice(0, 3)).toEqual(["conv.weight", "bn.weight", "bn.bias"]);
    }));

  it("is the same in memory", () =>
    opened(readFileSync(file("views")), async (checkpoint) => {
      expect(checkpoint.name).toBe("weights");
      expect([...(await checkpoint.readFloat32("column"))]).toEqual([3, 9, 15, 21]);
    }));

  it("has names that are names alone", () =>
    opened(file("names"), async (checkpoint) => {
      expect([...(await checkpoint.readFloat32("__proto__"))]).toEqual([0]);
      expect(({} as Readonly<Record<string, unknown>>)["0"]).toBeUndefined();
      await expect(checkpoint.readFloat32("hasOwnProperty")).rejects.toThrow(RangeError);
    }));
});

describe("where the weights are", () => {
  it("has to be said where there are several", async () => {
    await expect(opened(file("several"), () => undefined)).rejects.toMatchObject({
      code: "weights/key",
      message: expect.stringMatching(
        /has tensors in several places: model \(8 tensors\), ema\.state_dict \(8 tensors\)\.$/,
      ) as string,
      help: "name one of them: --key model, or key in load",
    });
    const [one, twice] = await Promise.all(
      ["model", "ema.state_dict"].map((key) =>
        opened(file("several"), (checkpoint) => checkpoint.readFloat32("fc.bias"), key),
      ),
    );
    expect([...twice!]).toEqual([...one!.map((value) => 2 * value)]);
  });

  it.each([
    ["several", "ema.state_dic", /did you mean ema\.state_dict\?/],
    ["nested", "nothing", /it has state_dict \(8 tensors\)/],
    ["nested", "epoch", /it has state_dict/],
  ])("%s has no %s", async (name, key, help) => {
    const refused = opened(file(name), () => undefined, key);
    await expect(refused).rejects.toMatchObject({ code: "weights/key" });
    await expect(refused).rejects.toMatchObject({ help: expect.stringMatching(help) as string });
  });

  it("may be asked for by each of their names", () =>
    Promise.all(
      ["model", "state_dict"].map((key) =>
        opened(file("same"), ({ tensors }) => expect(tensors.has("fc.bias")).toBe(true), key),
      ),
    ));

  it("is not where a score of NumPy's is", async () => {
    await opened(file("score"), ({ tensors }) => expect([...tensors.keys()]).toEqual(["plain"]));
  });

  it("may be within an optimizer where that is asked for", () =>
    opened(
      file("nested"),
      ({ tensors }) => expect([...tensors.keys()]).toContain("exp_avg"),
      "optimizer.state.0",
    ));
});

describe("a tensor that its storage does not hold is told before anything is read", () => {
  it.each([
    ["short", "weights/truncated", "base lies in a storage of 96 bytes, of which the file has 48."],
    [
      "beyond",
      "weights/offsets",
      "base is [5, 6] with strides [6, 1] from element 0, which reaches beyond its storage of 24.",
    ],
  ])("%s", async (name, code, message) => {
    await expect(opened(file(name), () => undefined)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });
});

describe("what is refused by name", () => {
  it.each([
    ["module", "holds a whole module (models.Tiny)", "model.state_dict()"],
    ["module-in-dict", "holds a whole module (models.Tiny)", "model.state_dict()"],
    ["module-legacy", "holds a whole module (models.Tiny)", "model.state_dict()"],
    ["torchscript", "is a TorchScript archive", "torch.jit.load"],
    ["no-tensors", "holds a dictionary, and no state dict", "state_dict"],
    ["tensor", "holds a tensor without a name, and no state dict", "state_dict"],
  ])("%s", async (name, message, help) => {
    await expect(opened(file(name), () => undefined)).rejects.toMatchObject({
      code: "weights/format",
      message: expect.stringContaining(message) as string,
      help: expect.stringContaining(help) as string,
    });
  });

  it.each([
    ["quantized", "a quantized tensor"],
    ["sparse", "a sparse tensor"],
    ["csr", "a sparse tensor"],
    ["meta", "a tensor without values"],
    ["numpy", "an object of numpy"],
    ["imag", "a negated view", "negated"],
    ["c", "an object of torch.ComplexDoubleStorage", "unreadable-legacy"],
    ["quantized", "a quantized tensor", "unreadable-legacy"],
  ])("a tensor that is %s, when it is asked for", async (name, what, from = "unreadable") => {
    await opened(file(from), async (checkpoint) => {
      expect(checkpoint.tensors.get(name)?.unreadable?.what).toContain(what);
      await expect(checkpoint.readFloat32(name)).rejects.toMatchObject({
        code: "weights/unreadable",
        message: expect.stringMatching(new RegExp(`: ${name} is ${what}`)) as string,
      });
    });
  });
});
