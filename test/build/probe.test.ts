import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { probe } from "../../src/build/make/probe.js";
import { hostLevel, levelsOfArch } from "../../src/targets/cpu/level.js";
import { Folder } from "./folder.js";

type Built = Parameters<typeof probe>[2];

/** Node loads a module of this text as it does an addon; its probe fails with the code. */
function addon(folder: Folder, code?: string): string {
  const file = folder.file("network.cjs");
  const fails =
    code === undefined ? "" : `throw Object.assign(new Error("so it is"), { code: "${code}" });`;
  writeFileSync(
    file,
    `exports.describe = () => ({ model: "Net" });
     exports.probe = async () => { ${fails} };`,
  );
  return file;
}

const own: Built = { target: "cpu", levels: [hostLevel()] };
const all: Built = { target: "cpu", levels: levelsOfArch() };
/** No machine has both. */
const foreign: Built = { target: "cpu", levels: [process.arch === "arm64" ? "avx2" : "neon"] };
const gpu: Built = { target: "cuda", levels: [] };
const simulator: Built = { target: "cuda-sim", levels: [] };

it.each([
  [own, undefined],
  [foreign, undefined],
  [foreign, "cpu/unsupported"],
  [gpu, undefined],
  [gpu, "cuda/no-driver"],
  [gpu, "cuda/failed"],
  [gpu, "memory/exhausted"],
])("takes a binary for %j whose instance fails with %s", async (built, code) => {
  using folder = new Folder();
  await expect(probe(addon(folder, code), "Net", built)).resolves.toBeUndefined();
});

it.each([
  [own, "memory/exhausted"],
  [own, "cpu/unsupported"],
  [foreign, "memory/exhausted"],
  [simulator, "cuda/no-gpu"],
  [gpu, "sim/race"],
] as const)("passes on what goes wrong for %j with %s", async (built, code) => {
  using folder = new Folder();
  await expect(probe(addon(folder, code), "Net", built)).rejects.toMatchObject({ code });
});

it("lets no variable of the user's decide what is tried", async () => {
  using folder = new Folder();
  const file = folder.file("network.cjs");
  writeFileSync(
    file,
    `exports.describe = () => ({ model: "Net" });
     exports.probe = async () => { if (process.env.INCEPT_CPU) throw new Error("asked"); };`,
  );
  process.env.INCEPT_CPU = "avx2";
  try {
    await expect(probe(file, "Net", all)).resolves.toBeUndefined();
  } finally {
    delete process.env.INCEPT_CPU;
  }
});

it("takes a failure with a code that there is not for a bug", async () => {
  using folder = new Folder();
  await expect(probe(addon(folder, "later/code"), "Net", own)).rejects.toMatchObject({
    code: "bug/probe",
  });
});

it("refuses a binary of another model", async () => {
  using folder = new Folder();
  await expect(probe(addon(folder), "Other", own)).rejects.toMatchObject({
    code: "bug/probe",
  });
});
