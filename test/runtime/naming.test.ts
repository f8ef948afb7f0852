/** How `load` finds weights that are not called as the spec calls them. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { float32Tensor, writeSafetensors } from "../../src/checkpoints/safetensors/write.js";
import { loadArtefact } from "../../src/index.js";
import { fixture } from "../checkpoints/expected.js";
import { fakeArtefact } from "./support/fake.js";

const folder = mkdtempSync(join(tmpdir(), "incept-naming-"));
afterAll(() => rmSync(folder, { recursive: true }));
const artefact = fakeArtefact();
const bias = float32Tensor([4], Float32Array.of(1, 2, 3, 4));

it("pairs by order where it is told to", async () => {
  const file = join(folder, "ordered.safetensors");
  await writeSafetensors(file, new Map([["anything", bias]]));
  const net = await loadArtefact(artefact);
  await (await net.load({ weights: file, byOrder: true })).dispose();
  await writeSafetensors(file, new Map([["layer.bias", float32Tensor([3], new Float32Array(3))]]));
  await expect(net.load({ weights: file, byOrder: true })).rejects.toMatchObject({
    code: "weights/order",
  });
});

it("reads the dictionary of a PyTorch file that key names", async () => {
  const file = fixture("torch", "several.pth");
  const net = await loadArtefact(artefact);
  await expect(net.load({ weights: file })).rejects.toMatchObject({ code: "weights/key" });
  for (const key of ["model", "none"]) {
    const code = key === "none" ? "weights/key" : "weights/missing";
    const sources = [file, readFileSync(file)];
    for (const source of sources) {
      await expect(net.load({ weights: source, key })).rejects.toMatchObject({ code });
    }
  }
});
