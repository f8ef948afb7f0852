import { describe, expect, it } from "vitest";
import type { BuildRequest } from "../../src/build/request.js";
import { commandOf, variantOf } from "../../src/build/variant.js";
import { tinySpec } from "../emit/project.js";
import { networkOf } from "../support/network.js";

const request = (more: Partial<BuildRequest> = {}): BuildRequest => ({
  spec: "tiny.incept",
  network: networkOf(tinySpec),
  ...more,
});

const code = (name: string): unknown => expect.objectContaining({ code: name });

describe("a variant", () => {
  it("of a GPU has every architecture unless some are named, sorted and each once", () => {
    const all = [80, 86, 89, 90, 100, 120];
    expect(variantOf(request({ target: "cuda" })).architectures).toEqual(all);
    const some = variantOf(request({ target: "cuda", arch: [90, 80, 90] }));
    expect(some.architectures).toEqual([80, 90]);
    expect(variantOf(request({ target: "cpu" })).architectures).toEqual([]);
    expect(() => variantOf(request({ target: "cpu", arch: [90] }))).toThrow(
      /Architectures are of GPUs, but the target is cpu/,
    );
    expect(() => variantOf(request({ target: "cuda", arch: [75] }))).toThrow(code("build/arch"));
  });

  it("of the CPU is f32, built by either builder", () => {
    expect(() => variantOf(request({ target: "cpu", precision: "f16" }))).toThrow(
      /The CPU computes in f32, not in f16/,
    );
    expect(variantOf(request({ target: "cpu", builder: "node-gyp" })).builder).toBe("node-gyp");
    expect(() => variantOf(request({ target: "cuda-sim", builder: "node-gyp" }))).toThrow(
      code("build/builder"),
    );
  });

  it("is named by the command that asks for it", () => {
    const wanted = request({ target: "cuda", precision: "bf16", arch: [90], maxBatch: 64 });
    expect(commandOf(wanted, variantOf(wanted))).toBe(
      "inceptc build tiny.incept --set classes=3 --target cuda --precision bf16 --arch 90 --max-batch 64",
    );
  });
});
