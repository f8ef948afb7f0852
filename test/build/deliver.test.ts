import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { deliver } from "../../src/build/deliver.js";
import type { BuildResult } from "../../src/build/request.js";
import { manifestText } from "../../src/emit/manifest.js";
import { digestOf } from "../../src/files/digest.js";
import { fakeManifest } from "../runtime/support/fake.js";
import { Folder } from "./folder.js";

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
    expect(contents(out)).toEqual({
      README: "mine",
      "other.node": "three",
      "manifest.json": textOf(three),
    });
  });

  it("goes where a link leads, which stays", async () => {
    using folder = new Folder();
    symlinkSync("real", folder.file("link"));
    for (const code of ["one", "two"]) await deliver(built(folder, code), folder.file("link"));
    expect(readlinkSync(folder.file("link"))).toBe("real");
    expect(contents(folder.file("real"))["net.node"]).toBe("two");
  });

  it("is completed where an earlier copy was cut short after the binary", async () => {
    using folder = new Folder();
    const out = folder.file("out");
    await deliver(built(folder, "one"), out);
    writeFileSync(`${out}/net.node`, "two");
    const two = built(folder, "two");
    await deliver(two, out);
    expect(contents(out)).toEqual({ "net.node": "two", "manifest.json": textOf(two) });
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

  it("leaves a file that took the name of its earlier binary", async () => {
    using folder = new Folder();
    const out = folder.file("out");
    await deliver(built(folder, "one", "old.node"), out);
    writeFileSync(`${out}/old.node`, "mine");
    await deliver(built(folder, "two"), out);
    expect(contents(out)).toMatchObject({ "net.node": "two", "old.node": "mine" });
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
