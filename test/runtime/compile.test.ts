import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { publish } from "../../src/build/cache/cache.js";
import { variantKey } from "../../src/build/project/key.js";
import { cacheBeside } from "../../src/build/cache/places.js";
import { variantOf } from "../../src/build/choose/variant.js";
import { digestOf } from "../../src/files/digest.js";
import { checkFile } from "../../src/model/check-file.js";
import { OpenedSpec } from "../../src/runtime/compile.js";
import { type CpuLevel, hostLevel, levelsOfArch } from "../../src/targets/cpu/level.js";
import { ownFolders } from "../build/own-folders.js";
import { fakeManifest } from "./support/fake.js";

ownFolders();

const folder = realpathSync(mkdtempSync(join(tmpdir(), "incept-compile-")));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = join(folder, "net.incept");
const files = {
  "net.incept": `import { Head } from "head.incept"
    model Net(classes = 2, width = 4) {
      input image: f32[3, 4, 4]
      stem: conv(1x1, width)
      output prob: Head(classes)
      labels "labels.txt"
    }`,
  "head.incept": "module Head(n) { globalavgpool -> linear(n) -> softmax }",
  "labels.txt": "cat\ndog\n",
};

const write = (texts: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
};

/** What a build of the files as they are would leave behind; nothing is compiled. */
function plant(set: Record<string, string>, maxBatch: number, levels?: "all" | CpuLevel): void {
  const { network } = checkFile(spec, { set });
  if (network === undefined) throw new Error("The spec has errors.");
  const request = { spec, network, target: "cpu", maxBatch, cpu: levels } as const;
  const { sha256 } = digestOf(`${maxBatch}-${JSON.stringify(set)}`);
  const key = sha256.slice(0, 32);
  const fresh = join(folder, `${key}.new`);
  mkdirSync(fresh, { recursive: true });
  const manifest = { ...fakeManifest, maxBatch, labels: network.labels?.names };
  writeFileSync(join(fresh, "manifest.json"), JSON.stringify(manifest));
  writeFileSync(join(fresh, fakeManifest.binary), "code");
  mkdirSync(cacheBeside(spec), { recursive: true });
  const wanted = variantKey(request, variantOf(request));
  publish(fresh, cacheBeside(spec), key, wanted, "verified");
}

const stale = expect.objectContaining({ code: "artefact/stale" }) as Error;
const cpu = { target: "cpu" } as const;

describe("a spec that was opened", () => {
  beforeEach(() => {
    rmSync(cacheBeside(spec), { recursive: true, force: true });
    write(files);
  });

  it.each<[what: string, change: () => void]>([
    ["the spec", () => write({ "net.incept": files["net.incept"].replace("f32[3", "f32[1") })],
    ["an import", () => write({ "head.incept": files["head.incept"].replace("linear(n) ->", "") })],
    ["the labels", () => write({ "labels.txt": "dog\ncat\n" })],
  ])("has variants of what it was, though %s is edited", (_, change) => {
    plant({}, 16);
    const opened = OpenedSpec.open(spec, cpu);
    change();
    const { manifest } = opened.find({ maxBatch: 16 });
    expect(manifest).toMatchObject({ maxBatch: 16, labels: ["cat", "dog"] });
    expect(() => opened.find({ maxBatch: 32 })).toThrow(stale);
  });

  it("takes a build for all instruction sets where none is named, and one for another never", () => {
    const [other] = levelsOfArch().filter((level) => level !== hostLevel());
    if (other !== undefined) plant({}, 16, other);
    expect(() => OpenedSpec.open(spec, {}).find({ maxBatch: 16 })).toThrow(stale);
    plant({}, 32, "all");
    for (const asked of [{}, cpu, { cpu: "native" }, { cpu: "all" }] as const) {
      expect(OpenedSpec.open(spec, asked).find({ maxBatch: 32 }).manifest.maxBatch).toBe(32);
    }
    if (other === undefined) return;
    expect(() => OpenedSpec.open(spec, { cpu: other }).find({ maxBatch: 32 })).toThrow(stale);
    expect(OpenedSpec.open(spec, { cpu: other }).find({ maxBatch: 16 }).manifest.maxBatch).toBe(16);
  });

  it("needs its files no more", () => {
    plant({ classes: "2", width: "9" }, 8);
    const opened = OpenedSpec.open(spec, cpu);
    for (const name of Object.keys(files)) rmSync(join(folder, name));
    expect(opened.find({ set: { width: 9 } }).manifest.maxBatch).toBe(8);
  });

  it("is another one when it is opened again", () => {
    plant({}, 16);
    write({ "labels.txt": "dog\ncat\n" });
    const opened = OpenedSpec.open(spec, cpu);
    expect(() => opened.find({ maxBatch: 16 })).toThrow(stale);
  });

  it("is the same one when it is only worded otherwise, and its manifest tells the wording", () => {
    plant({}, 16);
    write({
      "net.incept": `// Checked out on Windows.\n${files["net.incept"]}`
        .replace("model Net", "/// Tells cats from dogs.\nmodel Net")
        .replace("head.incept", "./classes.incept")
        .replaceAll("\n", "\r\n"),
      "classes.incept": `\uFEFF${files["head.incept"]}`,
      "labels.txt": "cat\r\ndog\r\n",
    });
    const { manifest } = OpenedSpec.open(spec, cpu).find({ maxBatch: 16 });
    expect(manifest).toMatchObject({ maxBatch: 16, doc: "Tells cats from dogs." });
    expect(manifest.sources.map(({ path }) => path)).toEqual([
      "net.incept",
      "classes.incept",
      "labels.txt",
    ]);
    const { sha256 } = digestOf(readFileSync(join(folder, "classes.incept")));
    expect(manifest.sources).toContainEqual({ path: "classes.incept", sha256 });
  });

  it.each<[what: string, spoil: (build: string) => void, code: string, told: string]>([
    [
      "is cut short",
      (build) => writeFileSync(join(build, "fake.node"), ""),
      "artefact/torn",
      "fake.node is empty",
    ],
    [
      "anyone may write",
      (build) => chmodSync(build, 0o777),
      "artefact/untrusted",
      "anyone may write",
    ],
  ])("does not find a build that %s, and says why", (_, spoil, code, told) => {
    plant({}, 16);
    const [name = ""] = readdirSync(cacheBeside(spec));
    spoil(join(cacheBeside(spec), name));
    expect(() => OpenedSpec.open(spec, cpu).find({ maxBatch: 16 })).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(told) as string,
        help: expect.stringContaining("run inceptc build") as string,
      }) as Error,
    );
  });

  it("keeps the settings that it was opened with, but for those of a variant", () => {
    plant({ width: "7" }, 8);
    plant({ width: "9" }, 8);
    const opened = OpenedSpec.open(spec, { ...cpu, set: { width: 7 } });
    expect(opened.find({}).manifest.maxBatch).toBe(8);
    expect(opened.find({ set: { width: 9 } }).manifest.maxBatch).toBe(8);
    expect(opened.find({ set: { classes: 2 } }).manifest.maxBatch).toBe(8);
    expect(() => opened.find({ set: { width: 8 } })).toThrow(stale);
  });

  it("says what is wrong with the settings of a variant", () => {
    const opened = OpenedSpec.open(spec, cpu);
    const find = (): unknown => opened.find({ set: { clases: 3 } });
    expect(find).toThrow(expect.objectContaining({ code: "spec/invalid" }) as Error);
    expect(find).toThrow("clases");
  });

  it("of another name has no types, which would be those of a TypeScript file", () => {
    write({ net: files["net.incept"], "net.d.ts": "export {};" });
    OpenedSpec.open(join(folder, "net"), {}).writeTypes();
    expect(readFileSync(join(folder, "net.d.ts"), "utf8")).toBe("export {};");
  });
});
