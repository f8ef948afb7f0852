import { expect, test } from "vitest";
import { projectOf } from "../../../src/build/project/project.js";
import { variantOf } from "../../../src/build/choose/variant.js";
import { networkOf } from "../../support/network.js";

/** The calls of a convolution alone, each as text. */
function calls(channels: number, kernel: string, tuning = ""): string {
  const network = networkOf(
    `model M {\n  input x: f32[${channels}, 40, 40]\n  output y: conv(${kernel}, 16, pad: tf_same) -> relu\n}\n`,
  );
  const request = {
    spec: "m.incept",
    network,
    target: "cpu",
    force: [`conv.winograd${tuning}`],
  } as const;
  return JSON.stringify(projectOf(request, variantOf(request)).program.run);
}

test("tiles that no thread could hold are not shared out", () => {
  expect(calls(64, "5x5", ":4x4 by tiles")).toContain("WinogradShare::kTiles");
  expect(() => calls(4096, "5x5", ":4x4 by tiles")).toThrow(/No layer of M can be computed/);
  expect(calls(4096, "5x5", ":4x4 by blocks")).toContain("WinogradShare::kBlocks");
});

test("a strided convolution of few channels is sorted by phases, straight from the caller's image", () => {
  const program = calls(3, "7x7/2");
  expect(program).toContain("PhasedWinograd<");
  expect(program).not.toContain("to_blocked");
  expect(() => calls(3, "7x7/2", ":4x4 by blocks planar")).not.toThrow();
  expect(() => calls(16, "7x7/2")).toThrow(/No layer of M can be computed by conv.winograd/);
  expect(() => calls(3, "5x5/5")).toThrow(/No layer of M can be computed by conv.winograd/);
});

test("filters whose errors were not judged are none of Winograd's", () => {
  expect(calls(64, "7x1")).toContain("Winograd<");
  expect(() => calls(64, "6x6")).toThrow(/No layer of M can be computed by conv.winograd/);
  expect(calls(64, "6x1", ":5x1")).toContain("Winograd<5, 1");
  expect(() => calls(64, "7x7")).toThrow(/No layer of M can be computed by conv.winograd/);
  expect(() => calls(64, "9x1")).toThrow(/No layer of M can be computed by conv.winograd/);
});
