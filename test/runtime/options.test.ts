import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadArtefact, loadModel } from "../../src/index.js";
import incept from "../../src/bundlers/for-vite.js";
import { fakeModels } from "./support/models.js";

const { folder, load } = fakeModels();
const weights = { "layer.bias": new Float32Array(4) };
const image = new Float32Array(4);
const spec = join(folder, "absent.incept");

/** Each call with some options; the functions reject or throw by the call's own habit. */
const calls = {
  loadModel: async (options: unknown) => loadModel(spec, options as never),
  loadArtefact: async (options: unknown) => loadArtefact(folder, options as never),
  "Fake.load": async (options: unknown) => (await loadArtefact(folder)).load(options as never),
  "Fake.run": async (options: unknown) => (await load()).run({ image }, options as never),
  "Fake.runSync": async (options: unknown) => (await load()).runSync({ image }, options as never),
  "Fake.classify": async (options: unknown) => (await load()).classify("a.png", options as never),
  incept: async (options: unknown) => Promise.resolve().then(() => incept(options as never)),
};

type Call = keyof typeof calls;
const all = Object.keys(calls) as Call[];

const failure = async (call: Call, options: unknown): Promise<string> =>
  calls[call](options).then(
    () => "none",
    (error: unknown) => String(error),
  );

describe.each(all)("%s", (call) => {
  it.each([
    ["null", null, "null"],
    ["a list", [], "an Array"],
    ["a word", "random:1", '"random:1"'],
    ["a number", 2, "2"],
    ["a function", () => undefined, "a function"],
    ["a promise that was not awaited", Promise.resolve({}), "a Promise"],
    ["a map", new Map([["threads", 2]]), "a Map"],
  ])("refuses %s for options", async (_, options, shown) => {
    const message = await failure(call, options);
    expect(message).toMatch(/^TypeError: /);
    expect(message).toContain(`${call}: the options are ${shown}, expected `);
  });

  it("refuses an option that it does not know", async () => {
    const message = await failure(call, { weights, zebra: undefined });
    expect(message).toMatch(/^TypeError: /);
    expect(message).toContain(`${call}: there is no option `);
  });
});

describe("a wrong option", () => {
  const signal = { aborted: false, addEventListener: () => undefined };
  it.each<[Call, object, string]>([
    [
      "Fake.run",
      { signl: 1 },
      "TypeError: Fake.run: there is no option signl; did you mean signal?",
    ],
    ["Fake.run", { threads: 1 }, "TypeError: Fake.run: there is no option threads; it has signal."],
    [
      "Fake.runSync",
      { signal },
      "TypeError: Fake.runSync: there is no option signal; it takes none.",
    ],
    [
      "incept",
      { ssr: true },
      "TypeError: incept: there is no option ssr; it has set, model, target,",
    ],
    [
      "Fake.run",
      { signal: {} },
      "TypeError: Fake.run: signal is an Object, expected an AbortSignal.",
    ],
    ["Fake.run", { signal }, "TypeError: Fake.run: signal is an Object, expected an AbortSignal."],
    ["Fake.run", { signal: null }, "TypeError: Fake.run: signal is null, expected an AbortSignal."],
    [
      "Fake.run",
      { signal: new AbortController() },
      "TypeError: Fake.run: signal is an AbortController, expected an AbortSignal.",
    ],
    [
      "Fake.classify",
      { top: "3" },
      'TypeError: Fake.classify: top is "3", expected a whole number of at least 1.',
    ],
    [
      "Fake.classify",
      { top: 1.5 },
      "RangeError: Fake.classify: top is 1.5, expected a whole number of at least 1.",
    ],
    ["Fake.classify", { output: 1 }, "TypeError: Fake.classify: output is 1, expected a string."],
    [
      "Fake.classify",
      { maxPixels: 0 },
      "RangeError: Fake.classify: maxPixels is 0, expected a whole number of at least 1.",
    ],
    [
      "Fake.classify",
      { labels: 3 },
      "TypeError: Fake.classify: labels is 3, expected a path or a file URL.",
    ],
    [
      "Fake.classify",
      { labels: ["a", null] },
      "TypeError: Fake.classify: labels[1] is null, expected a string.",
    ],
    [
      "Fake.classify",
      { labels: new URL("http://a.b/c") },
      'RangeError: Fake.classify: labels is "http://a.b/c", expected a path or a file URL.',
    ],
    [
      "Fake.load",
      { weights, threads: "2" },
      'TypeError: Fake.load: threads is "2", expected a whole number of 0 to 1024.',
    ],
    [
      "Fake.load",
      { weights, maxQueue: -1 },
      "RangeError: Fake.load: maxQueue is -1, expected a whole number of at least 0.",
    ],
    [
      "Fake.load",
      { weights, rename: { a: 1 } },
      "TypeError: Fake.load: rename.a is 1, expected a string.",
    ],
    [
      "Fake.load",
      { weights, target: "gpu" },
      'RangeError: Fake.load: target is "gpu", expected "auto", "cpu", "cuda" or "cuda-sim".',
    ],
    [
      "loadModel",
      { precision: "fp16" },
      'RangeError: loadModel: precision is "fp16", expected "f32", "tf32", "f16" or "bf16".',
    ],
    [
      "loadModel",
      { builder: 1 },
      'TypeError: loadModel: builder is 1, expected "cmake-js" or "node-gyp".',
    ],
    [
      "loadModel",
      { maxBatch: 0 },
      "RangeError: loadModel: maxBatch is 0, expected a whole number of 1 to 4096.",
    ],
    [
      "loadModel",
      { passes: "no" },
      'TypeError: loadModel: passes is "no", expected true or false.',
    ],
    [
      "loadModel",
      { without: ["merge-siblings", 1] },
      "TypeError: loadModel: without[1] is 1, expected a string.",
    ],
    ["loadModel", { onProgress: 1 }, "TypeError: loadModel: onProgress is 1, expected a function."],
    ["loadModel", { root: 1 }, "TypeError: loadModel: root is 1, expected a path or a file URL."],
    ["loadModel", { model: 1 }, "TypeError: loadModel: model is 1, expected a string."],
    [
      "loadModel",
      { tap: "a" },
      'TypeError: loadModel: tap is "a", expected a list of stages or steps.',
    ],
    ["loadModel", { tap: ["a", 2] }, "TypeError: loadModel: tap[1] is 2, expected a string."],
    [
      "loadModel",
      { arch: 90 },
      "TypeError: loadModel: arch is 90, expected a list such as [80, 90].",
    ],
    [
      "loadModel",
      { set: [10] },
      "TypeError: loadModel: set is an Array, expected an object such as { classes: 10 }.",
    ],
    [
      "loadModel",
      { set: { classes: "10" } },
      'TypeError: loadModel: set.classes is "10", expected a number, true, false or { height, width }.',
    ],
    [
      "loadModel",
      { set: { classes: NaN } },
      "RangeError: loadModel: set.classes is NaN, expected a number, true, false or { height, width }.",
    ],
    [
      "loadModel",
      { set: { k: { height: 3, width: 0 } } },
      "RangeError: loadModel: set.k.width is 0, expected a whole number of at least 1.",
    ],
    [
      "loadModel",
      { thread: 1, set: {} },
      "TypeError: loadModel: there is no option thread; it has set,",
    ],
  ])("of %s: %j", async (call, options, message) => {
    expect(await failure(call, options)).toContain(message);
  });

  it.each([
    [
      () => loadModel(7 as never),
      "TypeError: loadModel: the spec is 7, expected a path or a file URL.",
    ],
    [
      () => loadModel(new URL("https://a.b/c.incept")),
      'RangeError: loadModel: the spec is "https://a.b/c.incept", expected a path or a file URL.',
    ],
    [
      () => loadArtefact(undefined as never),
      "TypeError: loadArtefact: the folder is undefined, expected a path or a file URL.",
    ],
  ])("names what is no path", async (call, message) => {
    await expect(call().catch(String)).resolves.toBe(message);
  });
});

describe("right options", () => {
  it("may be undefined, each or all", async () => {
    const model = await load();
    expect((await model.run({ image }, undefined)).sum).toHaveLength(1);
    expect((await model.run({ image }, { signal: undefined } as never)).sum).toHaveLength(1);
    expect(model.runSync({ image }, {}).sum).toHaveLength(1);
  });

  it("may have no limit to the line", async () => {
    const model = await load({ maxQueue: Infinity });
    expect((await model.run({ image })).sum).toHaveLength(1);
  });

  it("take an AbortSignal of another realm", async () => {
    const { signal } = new AbortController();
    const foreign = {
      aborted: false,
      reason: undefined,
      throwIfAborted: () => undefined,
      addEventListener: signal.addEventListener.bind(signal),
      removeEventListener: signal.removeEventListener.bind(signal),
      [Symbol.toStringTag]: "AbortSignal",
    };
    const model = await load();
    expect((await model.run({ image }, { signal: foreign as never })).sum).toHaveLength(1);
  });
});
