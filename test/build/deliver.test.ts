import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { deliver as deliverPackage, requireDeliverable } from "../../src/build/deliver/deliver.js";
import { emitProject } from "../../src/build/deliver/emit.js";
import { libcOf, thisMachine } from "../../src/build/deliver/machine.js";
import type { BuildResult } from "../../src/build/request.js";
import { manifestText } from "../../src/emit/manifest.js";
import { digestOf } from "../../src/files/digest.js";
import { nodeRange, version } from "../../src/emit/package.js";
import { fakeManifest } from "../runtime/support/fake.js";
import { networkOf } from "../support/network.js";
import { Folder } from "./folder.js";

const network = networkOf("model Net { input image: f32[1, 2, 2] output y: relu }");
const texts = ["index.js", "index.d.ts", "package.json"];

const deliver = (build: BuildResult, out: string): Promise<void> =>
  deliverPackage(build, network, out);

/** A finished build whose binary is this text. */
function built(folder: Folder, code: string, name = "net.node"): BuildResult {
  const directory = folder.file(`built-${code}`);
  mkdirSync(directory, { recursive: true });
  const manifest = { ...fakeManifest, binary: name, binaryDigest: digestOf(code) };
  const binary = folder.file(`built-${code}`, name);
  writeFileSync(binary, code);
  writeFileSync(folder.file(`built-${code}`, "manifest.json"), manifestText(manifest));
  return { directory, binary, manifest, cached: false };
}

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, "utf8")]),
  );

/** Without the mark and the texts around the binary. */
const delivered = (folder: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(contents(folder)).filter(
      ([name]) => ![...texts, ".inceptc.json"].includes(name),
    ),
  );

/** A mark that lists what those of some folders list. */
function bothMarks(...folders: readonly string[]): string {
  const module: Record<string, string[]> = {};
  for (const folder of folders) {
    const mark = JSON.parse(contents(folder)[".inceptc.json"] ?? "") as { module: typeof module };
    for (const [name, hashes] of Object.entries(mark.module)) {
      module[name] = [...(module[name] ?? []), ...hashes];
    }
  }
  return JSON.stringify({ inceptc: version, module });
}

const textOf = (build: BuildResult): string =>
  readFileSync(`${build.directory}/manifest.json`, "utf8");

describe("a delivered module", () => {
  it("replaces an earlier one, and removes its binary of another name", async () => {
    using folder = new Folder();
    const out = folder.file("deep", "out");
    await deliver(built(folder, "one"), out);
    await deliver(built(folder, "two"), out);
    const three = built(folder, "three", "other.node");
    writeFileSync(`${out}/README`, "mine");
    await deliver(three, out);
    expect(delivered(out)).toEqual({
      README: "mine",
      "other.node": "three",
      "manifest.json": textOf(three),
    });
    expect(contents(out)["index.js"]).toContain('new URL("./other.node", import.meta.url)');
  });

  it("goes where a link leads, which stays", async () => {
    using folder = new Folder();
    symlinkSync("real", folder.file("link"));
    for (const code of ["one", "two"]) await deliver(built(folder, code), folder.file("link"));
    expect(readlinkSync(folder.file("link"))).toBe("real");
    expect(contents(folder.file("real"))["net.node"]).toBe("two");
  });

  it("is not written through a link to somebody's file, whatever its mark lists", async () => {
    for (const name of ["net.node", "index.js", "manifest.json", ".inceptc.json"]) {
      using folder = new Folder();
      const out = folder.file("out");
      await deliver(built(folder, "one"), out);
      renameSync(`${out}/${name}`, folder.file("theirs"));
      const before = readFileSync(folder.file("theirs"));
      symlinkSync("../theirs", `${out}/${name}`);
      const error = { code: "emit/not-empty", message: expect.stringContaining(name) as string };
      await expect(deliver(built(folder, "two"), out)).rejects.toMatchObject(error);
      expect(readFileSync(folder.file("theirs"))).toEqual(before);
    }
  });

  it("is completed where an earlier copy was cut short after the binary", async () => {
    using folder = new Folder();
    const out = folder.file("out");
    await deliver(built(folder, "one"), out);
    writeFileSync(`${out}/net.node`, "two");
    const two = built(folder, "two");
    await deliver(two, out);
    expect(delivered(out)).toEqual({ "net.node": "two", "manifest.json": textOf(two) });
  });

  it("is completed where an earlier delivery was killed between two files", async () => {
    using folder = new Folder();
    const [out, whole] = [folder.file("out"), folder.file("whole")];
    const [one, three] = [built(folder, "one"), built(folder, "three", "three.node")];
    await deliver(built(folder, "two", "two.node"), whole);
    const order = ["two.node", ...texts, "manifest.json"];
    for (const count of [1, 2, 3, 4]) {
      await deliver(one, out);
      // What the second writes first: a mark of both, and some of its files.
      put(out, ".inceptc.json", bothMarks(out, whole));
      for (const name of order.slice(0, count)) put(out, name, contents(whole)[name] ?? "");
      await deliver(three, out);
      const names = Object.keys(contents(out)).sort();
      expect(names).toEqual([".inceptc.json", "manifest.json", "three.node", ...texts].sort());
    }
  });

  it("replaces the binary and manifest that early versions delivered", async () => {
    using folder = new Folder();
    const out = folder.file("out");
    mkdirSync(out);
    put(out, "early.node", "one");
    put(out, "manifest.json", textOf(built(folder, "one", "early.node")));
    const two = built(folder, "two");
    await deliver(two, out);
    expect(delivered(out)).toEqual({ "net.node": "two", "manifest.json": textOf(two) });
  });

  it("is a package of npm for machines like this one", async () => {
    using folder = new Folder();
    const out = folder.file("out");
    await deliver(built(folder, "one"), out);
    expect(JSON.parse(contents(out)["package.json"] ?? "")).toEqual({
      name: "fake",
      version: "0.0.0",
      private: true,
      description: `Fake, compiled by inceptc ${version} for cpu baseline.`,
      type: "module",
      exports: {
        ".": { types: "./index.d.ts", default: "./index.js" },
        "./package.json": "./package.json",
      },
      types: "./index.d.ts",
      files: ["index.js", "index.d.ts", "manifest.json", "net.node"],
      os: [process.platform],
      cpu: [process.arch],
      ...(process.platform === "linux" ? { libc: [thisMachine().libc] } : {}),
      engines: { node: nodeRange },
      dependencies: { inceptc: `^${version}` },
    });
    expect(libcOf({ header: { glibcVersionRuntime: "2.36" } })).toBe("glibc");
    expect(libcOf({ header: {} })).toBe("musl");
  });

  it("gives the auxiliary heads that it keeps, and no other", async () => {
    using folder = new Folder();
    const headed = networkOf(`model Net {
      input image: f32[1, 2, 2]
      layer: relu
      aux early(weight: 0.3): from layer -> conv(1x1, 5)
      aux late(weight: 0.3): from layer -> conv(1x1, 7)
      output y: relu
    }`);
    const one = built(folder, "one");
    const outputs = (["output", "aux"] as const).map((kind) => {
      return { name: kind === "aux" ? "late" : "y", shape: [1], kind, classes: "logits" } as const;
    });
    const manifest = { ...one.manifest, outputs };
    await deliverPackage({ ...one, manifest }, headed, folder.file("out"));
    const types = contents(folder.file("out"))["index.d.ts"];
    expect(types).toContain("readonly late: readonly [7, 2, 2];");
    const part = (name: string): string => new RegExp(`${name}: \\{[^}]*\\}`).exec(types ?? "")![0];
    expect(part("outputs")).not.toContain("early");
    expect(part("aux")).toContain("readonly early: readonly [5, 2, 2];");
  });

  it.each([
    ["Net", "net-network"],
    ["Inceptc", "inceptc-network"],
    ["Inception_v3", "inception_v3"],
  ])("of a model %s is called %s", async (model, name) => {
    using folder = new Folder();
    const one = built(folder, "one");
    await deliver({ ...one, manifest: { ...one.manifest, model } }, folder.file("out"));
    const text = contents(folder.file("out"))["package.json"] ?? "";
    expect(JSON.parse(text)).toMatchObject({ name });
  });

  it.each<[what: string, stand: (out: string) => void, name: string]>([
    [
      "a manifest of a web page",
      (out) => put(out, "manifest.json", '{"name":"App"}'),
      "manifest.json",
    ],
    ["a manifest that is damaged", (out) => put(out, "manifest.json", "{"), "manifest.json"],
    ["a folder called manifest.json", (out) => mkdirSync(`${out}/manifest.json`), "manifest.json"],
    ["a pipe", (out) => void execFileSync("mkfifo", [`${out}/net.node`]), "net.node"],
    ["a binary without a manifest", (out) => put(out, "net.node", "mine"), "net.node"],
    [
      "a binary that its manifest does not name",
      (out) => {
        put(out, "net.node", "mine");
        const manifest = { ...fakeManifest, binary: "x.node", binaryDigest: digestOf("mine") };
        put(out, "manifest.json", JSON.stringify(manifest));
      },
      "net.node",
    ],
    [
      "a binary that is not the one that its manifest names",
      (out) => {
        put(out, "net.node", "mine");
        const manifest = { ...fakeManifest, binary: "net.node", binaryDigest: digestOf("ours") };
        put(out, "manifest.json", JSON.stringify(manifest));
      },
      "net.node",
    ],
  ])("never replaces %s", async (_, stand, name) => {
    using folder = new Folder();
    const out = folder.file("out");
    mkdirSync(out);
    stand(out);
    const files = (): unknown[] =>
      readdirSync(out).map((each) => {
        const stat = lstatSync(`${out}/${each}`);
        return [each, stat.ino, stat.isFile() && readFileSync(`${out}/${each}`, "utf8")];
      });
    const before = files();
    await expect(deliver(built(folder, "one"), out)).rejects.toMatchObject({
      code: "emit/not-empty",
      message: `${out}/${name} is not of inceptc.`,
    });
    expect(files()).toEqual(before);
  });

  it.each(texts)("never replaces a %s of somebody's", async (name) => {
    using folder = new Folder();
    const out = folder.file("out");
    mkdirSync(out);
    put(out, name, "{}");
    const refusal = { code: "emit/not-empty", message: `${out}/${name} is not of inceptc.` };
    await expect(requireDeliverable(network, out)).rejects.toMatchObject(refusal);
    await expect(deliver(built(folder, "one"), out)).rejects.toMatchObject(refusal);
    expect(contents(out)).toEqual({ [name]: "{}" });
  });

  it.each([...texts, "manifest.json", "net.node"])(
    "never replaces its own %s where somebody changed it",
    async (name) => {
      using folder = new Folder();
      const out = folder.file("out");
      await deliver(built(folder, "one"), out);
      put(out, name, `${contents(out)[name]}\n`);
      const before = contents(out);
      const refusal = {
        code: "emit/changed",
        message: `${out}/${name} was changed since inceptc wrote it.`,
      };
      await expect(requireDeliverable(network, out)).rejects.toMatchObject(refusal);
      await expect(deliver(built(folder, "two"), out)).rejects.toMatchObject(refusal);
      expect(contents(out)).toEqual(before);
    },
  );

  it("never follows a mark out of its folder", async () => {
    using folder = new Folder();
    const out = folder.file("out");
    mkdirSync(out);
    put(folder.path, "mine", "mine");
    const { sha256 } = digestOf("mine");
    put(
      out,
      ".inceptc.json",
      JSON.stringify({ inceptc: version, module: { "../mine": [sha256] } }),
    );
    await expect(deliver(built(folder, "one"), out)).rejects.toMatchObject({
      code: "emit/not-empty",
    });
    expect(contents(out)).toHaveProperty([".inceptc.json"]);
    expect(readFileSync(folder.file("mine"), "utf8")).toBe("mine");
  });

  it("is no project of sources, and a project is no module", async () => {
    using folder = new Folder();
    const [module, project] = [folder.file("module"), folder.file("project")];
    const emit = (directory: string): Promise<void> =>
      emitProject({ spec: "net.incept", network, target: "cpu", directory });
    await deliver(built(folder, "one"), module);
    await emit(project);
    await expect(emit(module)).rejects.toMatchObject({ code: "emit/not-empty" });
    await expect(deliver(built(folder, "one"), project)).rejects.toMatchObject({
      code: "emit/not-empty",
      message: `${project}/.inceptc.json is not the mark of a module.`,
    });
  });

  it("leaves a file that took the name of its earlier binary", async () => {
    using folder = new Folder();
    const out = folder.file("out");
    await deliver(built(folder, "one", "old.node"), out);
    writeFileSync(`${out}/old.node`, "mine");
    await deliver(built(folder, "two"), out);
    expect(delivered(out)).toMatchObject({ "net.node": "two", "old.node": "mine" });
  });

  it("needs a folder", async () => {
    using folder = new Folder();
    writeFileSync(folder.file("out"), "mine");
    await expect(deliver(built(folder, "one"), folder.file("out"))).rejects.toMatchObject({
      code: "file/cannot-write",
      message: `${folder.file("out")} cannot be written: something stands in its place.`,
    });
  });

  const put = (out: string, name: string, text: string): void =>
    writeFileSync(`${out}/${name}`, text);
});
