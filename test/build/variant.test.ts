import { describe, expect, it } from "vitest";
import type { BuildRequest } from "../../src/build/request.js";
import { projectOf } from "../../src/build/project/project.js";
import { trainRequestOf } from "../../src/build/choose/train-request.js";
import { commandOf, variantOf } from "../../src/build/choose/variant.js";
import { allPasses } from "../../src/passes/pipelines.js";
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

  it("that trains is of the CPU, and names the command where a flag says all of it", () => {
    const train = trainRequestOf(networkOf(tinySpec));
    const wanted = request({ train });
    expect(variantOf(wanted).target).toBe("cpu");
    for (const target of ["cuda", "cuda-sim"] as const) {
      expect(() => variantOf(request({ train, target }))).toThrow(
        expect.objectContaining({
          code: "build/train",
          message: `Networks are not trained on target ${target} yet.`,
          help: "build for target cpu: what was trained there runs on GPUs",
        }),
      );
    }
    const command = "inceptc build tiny.incept --set classes=3 --train";
    expect(commandOf(wanted, variantOf(wanted))).toBe(command);
    const own = request({ train: { ...train, frozen: ["head.weight"] } });
    expect(commandOf(own, variantOf(own))).toBe(
      `${command} (with losses or frozen parameters of a trainer's own)`,
    );
  });

  it("leaves out passes by their names", () => {
    const wanted = request({ target: "cpu", without: ["merge-siblings", "drop-unused"] });
    const variant = variantOf(wanted);
    expect(variant.without).toEqual(["drop-unused", "merge-siblings"]);
    expect(commandOf(wanted, variant)).toBe(
      "inceptc build tiny.incept --set classes=3 --without drop-unused --without merge-siblings",
    );
    const { program, without } = projectOf(wanted, variant, "avx2");
    expect([program.kernels, without]).toEqual([3, variant.without]);
    expect(
      projectOf(request({ target: "cpu" }), { ...variant, without: [] }, "avx2").program.kernels,
    ).toBe(2);
  });

  it("knows no pass of a name that is misspelt, or no pass's at all", () => {
    const misspelt = (name: string): (() => unknown) => {
      return () => variantOf(request({ without: ["drop-unused", name], passes: false }));
    };
    expect(misspelt("fuse-activations")).toThrow(
      expect.objectContaining({
        code: "build/pass",
        message: "There is no pass fuse-activations.",
        help: "did you mean fuse-activation?",
      }),
    );
    const names = allPasses.map(({ name }) => name).join(", ");
    expect(misspelt("x")).toThrow(expect.objectContaining({ help: `it is one of ${names}` }));
  });

  it("is named by the command that asks for it", () => {
    const wanted = request({ target: "cuda", precision: "bf16", arch: [90], maxBatch: 64 });
    expect(commandOf(wanted, variantOf(wanted))).toBe(
      "inceptc build tiny.incept --set classes=3 --target cuda --precision bf16 --arch 90 --max-batch 64",
    );
  });
});
