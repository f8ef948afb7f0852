/** A machine without sharp: what is decoded already needs none. */
import { expect, it, vi } from "vitest";
import { InceptError } from "../../src/diagnostics/incept-error.js";
import { pictureModel } from "./support/pictures.js";

vi.mock("../../src/runtime/image/sharp.js", () => ({
  loadSharp: () => Promise.reject(new InceptError("image/no-decoder", "There is no sharp.")),
}));

it("prepares and classifies pixels", async () => {
  const { model } = pictureModel();
  const data = new Uint8ClampedArray(2 * 2 * 4).fill(7);
  const canvas = { data, width: 2, height: 2 };
  expect(await model.tensor(canvas)).toEqual(new Float32Array(48).fill(7));
  expect(await model.classify([canvas, { ...canvas, channels: 4 }], { top: 1 })).toHaveLength(2);
  const png = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  await expect(model.tensor([canvas, png])).rejects.toMatchObject({ code: "image/no-decoder" });
});
