import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { probe } from "../../src/build/make/probe.js";
import { Folder } from "./folder.js";

/** Node loads a module of this text as it does an addon; its probe fails with the code. */
function addon(folder: Folder, target: string, code?: string): string {
  const file = folder.file("network.cjs");
  const fails =
    code === undefined ? "" : `throw Object.assign(new Error("so it is"), { code: "${code}" });`;
  writeFileSync(
    file,
    `exports.describe = () => ({ model: "Net", target: "${target}" });
     exports.probe = async () => { ${fails} };`,
  );
  return file;
}

it.each([
  ["cpu avx2", undefined],
  ["cuda sm_80", undefined],
  ["cuda sm_80", "cuda/no-driver"],
  ["cuda sm_80", "cuda/failed"],
  ["cuda sm_80", "memory/exhausted"],
])("takes a binary for %s whose instance fails with %s", async (target, code) => {
  using folder = new Folder();
  await expect(probe(addon(folder, target, code), "Net")).resolves.toBeUndefined();
});

it.each([
  ["cpu avx2", "memory/exhausted"],
  ["cuda-sim host", "cuda/no-gpu"],
  ["cuda sm_80", "sim/race"],
])("passes on what goes wrong for %s with %s", async (target, code) => {
  using folder = new Folder();
  await expect(probe(addon(folder, target, code), "Net")).rejects.toMatchObject({ code });
});

it("takes a failure with a code that there is not for a bug", async () => {
  using folder = new Folder();
  await expect(probe(addon(folder, "cpu avx2", "later/code"), "Net")).rejects.toMatchObject({
    code: "bug/probe",
  });
});

it("refuses a binary of another model", async () => {
  using folder = new Folder();
  await expect(probe(addon(folder, "cpu avx2"), "Other")).rejects.toMatchObject({
    code: "bug/probe",
  });
});
