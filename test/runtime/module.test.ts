import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../../src/files/digest.js";
import type { Manifest } from "../../src/emit/manifest.js";
import { loadArtefact } from "../../src/index.js";
import { readArtefact } from "../../src/runtime/artefact.js";
import type { Model } from "../../src/runtime/model.js";
import { NetworkModule } from "../../src/runtime/module.js";
import type { Variants } from "../../src/runtime/variants.js";
import type { BuildOptions } from "../../src/runtime/options.js";
import { float32Tensor, writeSafetensors } from "../../src/checkpoints/safetensors/write.js";
import { fakeArtefact, fakeManifest } from "./support/fake.js";

const folder = mkdtempSync(join(tmpdir(), "incept-module-"));
afterAll(() => rmSync(folder, { recursive: true }));
const artefact = fakeArtefact();
const weights = join(folder, "w.safetensors");
const bias = float32Tensor([4], Float32Array.of(1, 2, 3, 4));
await writeSafetensors(weights, new Map([["layer.bias", bias]]));

describe("load", () => {
  it.each([
    ["a file", weights],
    ["a file URL", pathToFileURL(weights)],
    ["a seed", "random:1"],
    ["the bytes of a file", readFileSync(weights)],
    ["values", { "layer.bias": new Float32Array(4) }],
  ])("takes weights from %s", async (_, source) => {
    const net = await loadArtefact(pathToFileURL(artefact));
    const model = await net.load({ weights: source });
    expect((await model.run({ image: new Float32Array(4) })).y).toHaveLength(4);
    await model.dispose();
  });

  it("finds out that a file is missing or none before it compiles another variant for it", async () => {
    const asked: BuildOptions[] = [];
    const variants: Variants = (options) => {
      asked.push(options);
      return Promise.resolve(readArtefact(artefact));
    };
    const net = new NetworkModule(readArtefact(artefact), variants);
    const text = join(folder, "text.safetensors");
    writeFileSync(text, "no tensors");
    for (const [file, code] of [
      [join(folder, "absent.safetensors"), "file/not-found"],
      [folder, "file/not-a-file"],
      [text, "weights/format"],
    ] as const) {
      const loading = net.load({ weights: file, maxBatch: 2 });
      await expect(loading).rejects.toMatchObject({ code });
    }
    expect(asked).toEqual([]);
    const model = await net.load({ weights, maxBatch: 2 });
    expect(asked).toEqual([{ maxBatch: 2 }]);
    await model.dispose();
  });

  it("renames, ignores an aux left out, and tells what it did not use", async () => {
    const file = join(folder, "other.safetensors");
    const one = float32Tensor([1], Float32Array.of(1));
    await writeSafetensors(
      file,
      new Map([
        ["old.bias", bias],
        ["loss_1.fc.weight", one],
        ["head.weight", one],
      ]),
    );
    const net = await loadArtefact(artefact);
    await expect(net.load({ weights: file })).rejects.toMatchObject({ code: "weights/missing" });
    const model = await net.load({ weights: file, rename: { old: "layer" } });
    expect(model.info.unusedTensors).toEqual(["head.weight"]);
    await model.dispose();
  });

  it("goes by its options as they were at the call", async () => {
    const asked: BuildOptions[] = [];
    const net = new NetworkModule(readArtefact(artefact), async (options) => {
      await Promise.resolve();
      asked.push(options);
      return readArtefact(artefact);
    });
    const options = { weights: { "old.bias": new Float32Array(4) }, rename: { old: "layer" } };
    const build = { tap: ["layer"], set: { size: { height: 3, width: 3 } }, arch: [80] };
    const loading = net.load({ ...options, ...build } as never);
    options.rename.old = "changed";
    build.tap.push("other");
    build.set.size.height = 5;
    build.arch.fill(90);
    await (await loading).dispose();
    const size = { height: 3, width: 3 };
    expect(asked).toEqual([{ tap: ["layer"], set: { size }, arch: [80] }]);
  });

  it.each([
    [{}, "Fake.load: weights is missing; name a .safetensors file or random:1."],
    [undefined, "Fake.load: weights is missing; name a .safetensors file or random:1."],
    [{ weights, threads: -1 }, "Fake.load: threads is -1, expected a whole number of 0 to 1024."],
    [{ weights, threads: 1.5 }, "Fake.load: threads is 1.5, expected"],
    [{ weights, instances: 0 }, "Fake.load: instances is 0, expected a whole number of 1 to 1024."],
    [{ weights, thread: 2 }, "Fake.load: there is no option thread; did you mean threads?"],
    [
      { weights: 7 },
      "Fake.load: weights is 7, expected a checkpoint (path or file URL) or its bytes",
    ],
    [{ weights: Promise.resolve(weights) }, "weights is a Promise, expected"],
    [
      { weights: "random:1", key: "ema" },
      "Fake.load: key is for a checkpoint, and weights is none.",
    ],
    [
      { weights: "random:1", byOrder: true },
      "Fake.load: byOrder is for a checkpoint, and weights is none.",
    ],
    [
      { weights: {}, byOrder: true },
      "Fake.load: byOrder is for a checkpoint, and weights is none.",
    ],
    [
      { weights: "w.pth", byOrder: true, rename: {} },
      "Fake.load: byOrder goes by no names; leave rename out.",
    ],
    [{ weights: "w.pth", key: 3 }, "Fake.load: key is 3, expected a string."],
    [{ weights, rename: { a: "x", "a.": "y" } }, 'rename.a. is "y", expected no second entry'],
  ])("refuses %j", async (options, message) => {
    const net = await loadArtefact(artefact);
    await expect(net.load(options as never)).rejects.toThrow(message);
  });

  it("refuses what is no source before anything is built", async () => {
    const net = new NetworkModule(readArtefact(artefact), () => {
      throw new Error("A build was asked for.");
    });
    const source = new Float32Array(1 << 24) as never;
    await expect(net.load({ weights: source, maxBatch: 9 })).rejects.toThrow(
      "weights is a Float32Array, expected",
    );
  });

  it("warns once of weights that give no results and of renames of no use", async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on("warning", listen);
    const net = await loadArtefact(artefact);
    const values = { "layer.bias": Float32Array.of(NaN, Infinity, -Infinity, 1) };
    await (await net.load({ weights: values, rename: { layr: "layer" } })).dispose();
    await new Promise(setImmediate);
    process.off("warning", listen);
    expect(warnings.map(({ name, message }) => [name, message])).toEqual([
      [
        "InceptWarning",
        "Fake: weights holds values that give no results: layer.bias (1 NaN, 2 infinite); " +
          'weights has nothing to rename by "layr".',
      ],
    ]);
  });

  it("names nothing in a message that a terminal would obey", async () => {
    const evil = "\x1b[2J\u202e\nhelp: x";
    const net = await loadArtefact(artefact);
    const model = await net.load({ weights });
    const image = new Float32Array(4);
    const calls: (() => unknown)[] = [
      () => net.load({ weights: `${folder}/${evil}` }),
      () => net.load({ weights: { [evil]: image } }),
      () => net.load({ weights: { [evil]: 7 } as never }),
      () => net.load({ weights, [evil]: 1 } as never),
      () => net.load({ weights, rename: { [evil]: 1 } as never }),
      () => net.load({ weights, tap: [evil] as never }),
      () => model.run({ image, [evil]: image }),
      () => model.classify(`${folder}/${evil}`, { output: evil }),
      () => loadArtefact(`${folder}/${evil}`),
    ];
    for (const call of calls) {
      const told = await Promise.resolve()
        .then(call)
        .catch((error: unknown) => String(error));
      expect(told).toMatch(/^(InceptError|TypeError|RangeError)/);
      expect(told).not.toMatch(/[\0-\x09\x0b-\x1f\u202e]|\nhelp: x/);
    }
    await model.dispose();
  });

  /** How many weights and sessions of the fake network the process has: its report says so. */
  const alive = (model: Model): readonly number[] =>
    [...model.report().matchAll(/\d+/g)].map(([count]) => Number(count));

  it("keeps the weights once, however many instances share them, until the last is gone", async () => {
    const net = await loadArtefact(artefact);
    const watching = await net.load({ weights });
    const before = alive(watching);
    const model = await net.load({ weights, instances: 4 });
    expect(alive(watching)).toEqual([before[0]! + 1, before[1]! + 4]);
    const images = [1, 2, 3, 4].map((x) => ({ image: Float32Array.of(-1, x, 0, 0) }));
    const together = await Promise.all(images.map((image) => model.run(image)));
    expect(together).toEqual(images.map((image) => watching.runSync(image)));
    await model.dispose();
    expect(alive(watching)).toEqual(before);
    await watching.dispose();
  });

  it("frees what it has where a later instance cannot be made", async () => {
    const net = await loadArtefact(artefact);
    const watching = await net.load({ weights });
    const before = alive(watching);
    const loading = net.load({ weights, threads: 97, instances: 2 });
    await expect(loading).rejects.toMatchObject({ code: "memory/exhausted" });
    expect(alive(watching)).toEqual(before);
    await watching.dispose();
  });

  it("says how long threads stay awake, where it is asked for", async () => {
    const net = await loadArtefact(artefact);
    await (await net.load({ weights })).dispose();
    await (await net.load({ weights, spin: 30 })).dispose();
    await expect(net.load({ weights, spin: 31 })).rejects.toThrow("No such spin.");
    await expect(net.load({ weights, spin: -1 })).rejects.toThrow(/spin is -1, expected/);
  });

  it("asks for the GPU that device names", async () => {
    const net = await loadArtefact(artefact);
    await expect(net.load({ weights, device: 7 })).rejects.toMatchObject({
      code: "cuda/no-gpu",
      message: "There is no GPU 7.",
    });
    await expect(net.load({ weights, device: -1 })).rejects.toThrow(/device is -1/);
  });

  it("passes on that the processor is too old", async () => {
    const net = await loadArtefact(artefact);
    const loading = net.load({ weights, threads: 99 });
    await expect(loading).rejects.toMatchObject({ name: "InceptError", code: "cpu/unsupported" });
  });

  describe("of a GPU's build", () => {
    const gpu = { directory: artefact, manifest: { ...fakeManifest, target: "cuda" } } as const;
    const cpu = { directory: artefact, manifest: fakeManifest };
    const asked: BuildOptions[] = [];
    const variants: Variants = (options) => {
      asked.push(options);
      return Promise.resolve(options.target === "cpu" ? cpu : gpu);
    };
    const net = new NetworkModule(gpu, variants);
    /** With 98 threads the fake network says that there is no GPU. */
    const load = (options: BuildOptions): Promise<Model> =>
      net.load({ weights, threads: 98, ...options });

    it("takes the CPU under auto where there is no GPU, and says so", async () => {
      asked.length = 0;
      const warned = once(process, "warning") as Promise<[Error]>;
      // The fake is the same for the CPU, and refuses again: both attempts are seen.
      await expect(load({ maxBatch: 3 })).rejects.toMatchObject({ code: "cuda/no-gpu" });
      expect(asked).toEqual([{ maxBatch: 3 }, { maxBatch: 3, target: "cpu" }]);
      const [warning] = await warned;
      expect(warning.message).toBe("Fake runs on the CPU: There is no NVIDIA GPU.");
    });

    it("asks for the CPU without architectures, whoever named some", async () => {
      asked.length = 0;
      const module = new NetworkModule(gpu, variants, { arch: [90] });
      const loading = module.load({ weights, threads: 98, arch: [80] });
      await expect(loading).rejects.toMatchObject({ code: "cuda/no-gpu" });
      expect(asked).toEqual([{ arch: [80] }, { target: "cpu", arch: [] }]);
    });

    it("never takes the CPU where cuda was asked for, or a precision that it lacks", async () => {
      for (const options of [{ target: "cuda" }, { precision: "f16" }] as const) {
        asked.length = 0;
        const help = expect.stringContaining("target cpu") as string;
        await expect(load(options)).rejects.toMatchObject({ code: "cuda/no-gpu", help });
        expect(asked).toEqual([options]);
      }
    });

    it("never takes the CPU where another GPU than the first was asked for", async () => {
      asked.length = 0;
      const loading = net.load({ weights, device: 7 });
      await expect(loading).rejects.toMatchObject({ message: "There is no GPU 7." });
      expect(asked).toEqual([]);
    });

    it("never takes the CPU where the module itself was asked for cuda", async () => {
      asked.length = 0;
      const variants = (options: BuildOptions): Promise<typeof gpu> => {
        asked.push(options);
        return Promise.resolve(gpu);
      };
      const module = new NetworkModule(gpu, variants, { target: "cuda" });
      const loading = module.load({ weights, threads: 98 });
      await expect(loading).rejects.toMatchObject({ code: "cuda/no-gpu" });
      expect(asked).toEqual([]);
    });

    it("frees a model whose GPU is lost, and loads it again", async () => {
      const model = await net.load({ weights });
      const lost = model.run({ image: Float32Array.of(-3, 0, 0, 0) });
      await expect(lost).rejects.toMatchObject({ code: "cuda/lost" });
      const again = model.run({ image: new Float32Array(4) });
      await expect(again).rejects.toMatchObject({ code: "model/disposed" });
      const next = await net.load({ weights });
      expect((await next.run({ image: new Float32Array(4) }))["sum"]).toHaveLength(1);
      await next.dispose();
    });
  });

  it("loads no other model under the module's types", async () => {
    const net = await loadArtefact(artefact);
    await expect(net.load({ weights, model: "Other" })).rejects.toThrow(
      new RangeError(
        'Fake.load: model is "Other", but this module is Fake; write loadModel(spec, { model: "Other" }).',
      ),
    );
  });

  it("gives a built folder only as it was built", async () => {
    const net = await loadArtefact(artefact);
    const same = {
      target: "auto",
      maxBatch: 3,
      tap: ["sum"],
      model: "Fake",
      cpu: "baseline",
      set: {},
      without: [],
    } as const;
    await (await net.load({ weights, ...same })).dispose();
    for (const [other, told] of [
      [{ maxBatch: 4 }, "maxBatch 4"],
      [{ tap: ["layer"] }, 'tap ["layer"]'],
      [{ set: { classes: 10 } }, 'set {"classes":10}'],
      [{ passes: false }, "passes false"],
      [{ algebra: false }, "algebra false"],
      [{ strict: true }, "strict true"],
      [{ cpu: "avx2" }, 'cpu "avx2"'],
      [{ cpu: "all" }, 'cpu "all"'],
      [{ without: ["merge-siblings"] }, 'without ["merge-siblings"]'],
    ] as const) {
      const failure = {
        code: "artefact/variant",
        message: `${artefact} was not built with ${told}.`,
      };
      await expect(net.load({ weights, ...other })).rejects.toMatchObject(failure);
    }
  });
});

describe("a folder that an earlier version built", () => {
  it("says nothing of passes that were left out, since none could be", () => {
    const folder = mkdtempSync(join(tmpdir(), "incept-earlier-"));
    writeFileSync(
      join(folder, "manifest.json"),
      JSON.stringify({ ...fakeManifest, algebra: undefined, without: undefined }),
    );
    const { algebra, without } = readArtefact(folder).manifest;
    rmSync(folder, { recursive: true });
    expect(algebra).toBe(false);
    expect(without).toEqual([]);
  });

  it("says by its manifest only whether a softmax came last", () => {
    const folder = mkdtempSync(join(tmpdir(), "incept-earlier-"));
    const output = { name: "y", shape: [4], kind: "output" };
    const outputs = [
      { ...output, softmax: true },
      { ...output, softmax: false },
    ];
    writeFileSync(join(folder, "manifest.json"), JSON.stringify({ ...fakeManifest, outputs }));
    const read = readArtefact(folder).manifest.outputs.map(({ classes }) => classes);
    rmSync(folder, { recursive: true });
    expect(read).toEqual(["distribution", "logits"]);
  });
});

describe("a folder that is no good", () => {
  const broken = join(folder, "broken");
  const manifest = (changes: Partial<Manifest>): void =>
    writeFileSync(join(broken, "manifest.json"), JSON.stringify({ ...fakeManifest, ...changes }));
  const codeOf = async (): Promise<unknown> => {
    try {
      const net = await loadArtefact(broken);
      await (await net.load({ weights })).dispose();
    } catch (error) {
      return (error as { code?: string }).code;
    }
    return "works";
  };

  beforeEach(() => {
    rmSync(broken, { recursive: true, force: true });
    mkdirSync(broken);
    copyFileSync(join(artefact, "fake.node"), join(broken, "fake.node"));
    manifest({});
  });

  it.each<[what: string, spoil: () => void, code: string]>([
    ["whole", () => undefined, "works"],
    ["absent", () => rmSync(broken, { recursive: true }), "artefact/missing"],
    ["no manifest", () => rmSync(join(broken, "manifest.json")), "artefact/missing"],
    [
      "half a manifest",
      () => writeFileSync(join(broken, "manifest.json"), '{"mo'),
      "artefact/manifest",
    ],
    ["another JSON", () => writeFileSync(join(broken, "manifest.json"), "[]"), "artefact/manifest"],
    ["no binary", () => rmSync(join(broken, "fake.node")), "artefact/missing"],
    ["a binary that is text", () => manifest({ binary: "manifest.json" }), "artefact/incompatible"],
    [
      "a binary of another platform",
      () => {
        writeFileSync(join(broken, "other.node"), Buffer.from([0xcf, 0xfa, 0xed, 0xfe]));
        manifest({ binary: "other.node" });
      },
      "artefact/incompatible",
    ],
    [
      "half a binary",
      () => {
        const whole = readFileSync(join(broken, "fake.node"));
        manifest({ binaryDigest: digestOf(whole) });
        writeFileSync(join(broken, "fake.node"), whole.subarray(0, whole.length / 2));
      },
      "artefact/torn",
    ],
    [
      "an empty binary",
      () => {
        manifest({ binaryDigest: digestOf(readFileSync(join(broken, "fake.node"))) });
        writeFileSync(join(broken, "fake.node"), "");
      },
      "artefact/torn",
    ],
    [
      "a binary with a bit of another",
      () => {
        const bytes = readFileSync(join(broken, "fake.node"));
        manifest({ binaryDigest: digestOf(bytes) });
        bytes[bytes.length - 1]! ^= 1;
        writeFileSync(join(broken, "fake.node"), bytes);
      },
      "artefact/torn",
    ],
    [
      "a script for a binary",
      () => {
        writeFileSync(join(broken, "x.js"), "process.exit(3)");
        manifest({ binary: "x.js" });
      },
      "artefact/incompatible",
    ],
    ["a binary elsewhere", () => manifest({ binary: "../fake.node" }), "artefact/manifest"],
    [
      "a folder for a manifest",
      () => {
        rmSync(join(broken, "manifest.json"));
        mkdirSync(join(broken, "manifest.json"));
      },
      "file/not-a-file",
    ],
    ["another batch", () => manifest({ maxBatch: 4 }), "artefact/mismatch"],
    ...(process.platform === "win32"
      ? []
      : ([
          ["that anyone may write", () => chmodSync(broken, 0o777), "artefact/untrusted"],
          [
            "a binary that anyone may write",
            () => chmodSync(join(broken, "fake.node"), 0o666),
            "artefact/untrusted",
          ],
        ] satisfies [string, () => void, string][])),
    ["another network's manifest", () => manifest({ model: "Other" }), "artefact/mismatch"],
    [
      "another size",
      () => manifest({ inputs: [{ name: "image", shape: [1, 2, 3] }] }),
      "artefact/mismatch",
    ],
  ])("%s", async (_, spoil, code) => {
    spoil();
    expect(await codeOf()).toBe(code);
  });
});
