import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Manifest } from "../../../src/emit/manifest.js";
import { packageFile } from "../../../src/emit/package.js";
import { filesBelow } from "../../../scripts/commands.js";

const require = createRequire(import.meta.url);
const includeDir = (name: string): string => (require(name) as { include_dir: string }).include_dir;

/** What test/runtime/fixtures/fake-network.cpp computes. */
export const fakeManifest: Manifest = {
  model: "Fake",
  compiler: "0.0.0",
  target: "cpu",
  level: "baseline",
  flags: [],
  precision: "f32",
  maxBatch: 3,
  passes: true,
  algebra: true,
  strict: false,
  without: [],
  force: [],
  settings: {},
  inputs: [{ name: "image", shape: [1, 2, 2] }],
  outputs: [
    { name: "y", shape: [1, 2, 2], kind: "output", classes: "logits" },
    { name: "sum", shape: [1], kind: "output", classes: "logits" },
  ],
  parameters: [{ name: "layer.bias", shape: [4], role: "bias", fanIn: 0 }],
  stages: [{ name: "layer", shape: [1, 2, 2] }],
  aux: ["loss_1"],
  arenaBytes: 1 << 20,
  weightBytes: 16,
  kernels: 1,
  convolutions: 0,
  sources: [],
  binary: "fake.node",
};

/**
 * A folder as `inceptc build` leaves it, around the hand-written network. Compiled once for each
 * version of the sources and kept in the system's temporary folder.
 */
export function fakeArtefact(): string {
  const sources = [
    packageFile("native", "addon", "addon.cpp"),
    packageFile("native", "picture", "picture.cpp"),
    packageFile("test", "runtime", "fixtures", "fake-network.cpp"),
  ];
  const hash = createHash("sha256").update(JSON.stringify(fakeManifest));
  const headers = ["abi", "addon", "picture"].map((room) => packageFile("native", room));
  for (const file of [...sources, ...filesBelow(headers, [".h", ".hpp"])]) {
    hash.update(readFileSync(file));
  }
  const folder = join(tmpdir(), `incept-fake-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const beside = mkdtempSync(`${folder}-`);
  const include = [
    includeDir("node-addon-api").replaceAll('"', ""),
    includeDir("node-api-headers"),
  ];
  const flags = [
    "-std=c++17",
    "-O1",
    "-ffp-contract=off",
    "-fPIC",
    "-shared",
    "-pthread",
    "-fvisibility=hidden",
  ];
  const paths = [...include, packageFile("native")].flatMap((path) => ["-I", path]);
  const undefinedSymbols = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
  const output = ["-o", join(beside, "fake.node")];
  execFileSync("c++", [...flags, ...undefinedSymbols, ...paths, ...sources, ...output]);
  writeFileSync(join(beside, "manifest.json"), JSON.stringify(fakeManifest));
  try {
    renameSync(beside, folder);
  } catch {
    // Another test process was faster; its folder is the same.
    rmSync(beside, { recursive: true });
  }
  return folder;
}
