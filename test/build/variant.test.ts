import { describe, expect, it } from "vitest";
import type { BuildRequest } from "../../src/build/request.js";
import { pipelineOf, projectOf } from "../../src/build/project/project.js";
import { algebra } from "../../src/passes/pipelines.js";
import { trainRequestOf } from "../../src/build/choose/train-request.js";
import { commandOf, variantOf } from "../../src/build/choose/variant.js";
import { allPasses } from "../../src/passes/pipelines.js";
import { hostLevel, levelsOfArch } from "../../src/targets/cpu/level.js";
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

  it("of the CPU is f32 or bf16, built by either builder", () => {
    expect(() => variantOf(request({ target: "cpu", precision: "f16" }))).toThrow(
      /The CPU computes in f32 or bf16, not in f16/,
    );
    expect(variantOf(request({ target: "cpu", builder: "node-gyp" })).builder).toBe("node-gyp");
    expect(() => variantOf(request({ target: "cuda-sim", builder: "node-gyp" }))).toThrow(
      code("build/builder"),
    );
  });

  it("of bf16 has instruction sets of its own, and neither trains nor is without passes", () => {
    const bf16 = { target: "cpu", precision: "bf16" } as const;
    expect(variantOf(request(bf16)).levels).toEqual([hostLevel("bf16")]);
    expect(variantOf(request({ ...bf16, cpu: "all" })).levels).toEqual(levelsOfArch("bf16"));
    expect(commandOf(request(bf16), variantOf(request(bf16)))).toMatch(/ --precision bf16$/);
    expect(() => variantOf(request({ ...bf16, passes: false }))).toThrow(
      /Without passes the CPU computes in f32/,
    );
    const train = { losses: [], frozen: [] };
    expect(() => variantOf(request({ ...bf16, train }))).toThrow(/train in f32, not in bf16/);
    if (process.arch !== "x64") return;
    expect(levelsOfArch("bf16")).toEqual(["amx", ...levelsOfArch()]);
    expect(variantOf(request({ ...bf16, cpu: "amx" })).levels).toEqual(["amx"]);
    expect(() => variantOf(request({ target: "cpu", cpu: "amx" }))).toThrow(
      /amx multiplies bf16: in f32 it has no use/,
    );
  });

  it("that is strict composes no layers, and computes none by Winograd", () => {
    const strict = variantOf(request({ target: "cpu", strict: true, algebra: true }));
    expect(strict).toMatchObject({ strict: true, algebra: false });
    expect(commandOf(request(), strict)).toMatch(/ --strict$/);
    const network = networkOf(
      "model M {\n  input x: f32[32, 32, 32]\n  threes: conv(3x3, 64, pad: same) -> relu\n  output fc: flatten -> linear(4)\n}\n",
    );
    const kernelsOf = (more: Partial<BuildRequest>): string =>
      JSON.stringify(
        projectOf(request({ network, target: "cpu", ...more }), {
          ...variantOf(request({ target: "cpu", ...more })),
          levels: ["avx2"],
        }).program.run,
      );
    expect(kernelsOf({})).toContain("Winograd<");
    expect(kernelsOf({ strict: true })).not.toContain("Winograd<");
    expect(kernelsOf({ strict: true })).toContain("Direct<");
  });

  it("of the CPU is for instruction sets of this architecture, best first", () => {
    const known = levelsOfArch();
    expect(variantOf(request({ target: "cpu" })).levels).toEqual([hostLevel()]);
    expect(variantOf(request({ target: "cpu", cpu: "native" })).levels).toEqual([hostLevel()]);
    for (const cpu of known) expect(variantOf(request({ cpu })).levels).toEqual([cpu]);
    const all = variantOf(request({ cpu: "all" }));
    expect([all.target, all.levels]).toEqual(["cpu", known]);
    expect(commandOf(request({ cpu: "all" }), all)).toMatch(
      /tiny.incept --set classes=3 --cpu all$/,
    );
    expect(variantOf(request({ target: "cuda" })).levels).toEqual([]);
  });

  it("tells why an instruction set cannot be had", () => {
    const arm = process.arch === "arm64";
    const list = arm ? "neon" : "avx512, avx2, baseline";
    expect(() => variantOf(request({ cpu: arm ? "avx2" : "neon" }))).toThrow(
      expect.objectContaining({
        code: "build/cpu",
        message: `${arm ? "avx2" : "neon"} is an instruction set of other processors: this machine compiles for ${process.arch}.`,
        help: `it is one of native, ${list} or all; --emit-only writes the C++ for others`,
      }),
    );
    expect(() => variantOf(request({ target: "cuda", cpu: "all" }))).toThrow(
      expect.objectContaining({
        code: "build/cpu",
        message: "Instruction sets are of the CPU, but the target is cuda.",
      }),
    );
    expect(() => variantOf(request({ cpu: "avx1024" as "avx2" }))).toThrow(
      expect.objectContaining({
        code: "build/cpu",
        message: "There is no instruction set avx1024.",
        help: "it is one of native, amx, avx512, avx2, baseline, neon, all",
      }),
    );
    const train = trainRequestOf(networkOf(tinySpec));
    expect(variantOf(request({ train, cpu: "native" })).levels).toEqual([hostLevel()]);
    expect(() => variantOf(request({ train, cpu: "all" }))).toThrow(
      expect.objectContaining({
        code: "build/cpu",
        message: "What trains is compiled for one instruction set.",
      }),
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

  it("computes linear layers in a row as written where that is asked for", () => {
    const wanted = request({ target: "cpu", algebra: false });
    const variant = variantOf(wanted);
    const command = "inceptc build tiny.incept --set classes=3 --no-algebra";
    expect(commandOf(wanted, variant)).toBe(command);
    const names = pipelineOf(variant).map(({ name }) => name);
    expect(names).not.toContain("compose-linears");
    expect(pipelineOf({ ...variant, algebra: true }).length).toBe(names.length + algebra.length);
    expect(projectOf(wanted, variant).algebra).toBe(false);
    expect(variantOf(request({ target: "cpu", passes: false })).algebra).toBe(false);
  });

  it("leaves out passes by their names", () => {
    const wanted = request({ target: "cpu", without: ["merge-siblings", "drop-unused"] });
    const variant = variantOf(wanted);
    expect(variant.without).toEqual(["drop-unused", "merge-siblings"]);
    expect(commandOf(wanted, variant)).toBe(
      "inceptc build tiny.incept --set classes=3 --without drop-unused --without merge-siblings",
    );
    const { program, without } = projectOf(wanted, variant);
    expect([program.kernels, without]).toEqual([3, variant.without]);
    expect(projectOf(request({ target: "cpu" }), { ...variant, without: [] }).program.kernels).toBe(
      2,
    );
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

  it("takes kernels by their names", () => {
    const wanted = request({ target: "cpu", force: ["conv.direct:2x14", "conv.direct:2x14"] });
    const variant = variantOf(wanted);
    expect(variant.force).toEqual(["conv.direct:2x14"]);
    expect(commandOf(wanted, variant)).toBe(
      "inceptc build tiny.incept --set classes=3 --force conv.direct:2x14",
    );
    const on512 = { ...variant, levels: ["avx512"] } as const;
    const text = (force: readonly string[]): string => {
      const { program } = projectOf(request({ target: "cpu" }), { ...on512, force });
      return JSON.stringify(program);
    };
    expect(text([])).not.toContain("Direct<2, 14>");
    expect(text(variant.force)).toContain("Direct<2, 14>");
    expect(projectOf(wanted, on512).force).toEqual(variant.force);
  });

  it("knows no kernel that nothing here is, and none where they cannot be chosen", () => {
    const refused = (more: Partial<BuildRequest>, message: string, help: string): void => {
      expect(() => variantOf(request(more))).toThrow(
        expect.objectContaining({ code: "build/kernel", message, help }),
      );
    };
    const force = ["conv.direct"];
    refused(
      { target: "cpu", force: ["conv.dierct"] },
      "There is no kernel conv.dierct.",
      "did you mean conv.direct?",
    );
    expect(() => variantOf(request({ target: "cpu", force: ["conv.unheard"] }))).toThrow(
      expect.objectContaining({ help: expect.stringContaining("conv.direct, ") as string }),
    );
    refused(
      { target: "cuda-sim", force },
      "A GPU's library chooses the kernels of its layers.",
      "leave --force out, or build for target cpu",
    );
    refused(
      { target: "cpu", passes: false, force },
      "Without passes all is computed by the references.",
      "leave out --force or --no-passes",
    );
    const gradient = ["maxpool-gradient.blocked"];
    expect(() => variantOf(request({ target: "cpu", force: gradient }))).toThrow(/no kernel/);
    const train = trainRequestOf(networkOf(tinySpec));
    expect(variantOf(request({ target: "cpu", force: gradient, train })).force).toEqual(gradient);
  });

  it("is not built where a kernel that was named can compute none of its layers", () => {
    const made = (...force: readonly string[]): unknown => {
      const wanted = request({ target: "cpu", force });
      return () => projectOf(wanted, { ...variantOf(wanted), levels: ["avx512"] });
    };
    const refusal = (message: string, help: string): unknown =>
      expect.objectContaining({ code: "build/kernel", message, help });
    expect(made("conv.grouped")).toThrow(
      refusal("No layer of Tiny can be computed by conv.grouped.", "it has no groups (2 layers)"),
    );
    expect(made("lrn.blocked")).toThrow(
      refusal("No layer of Tiny can be computed by lrn.blocked.", "no step is of what it computes"),
    );
    expect(made("conv.direct:9x9")).toThrow(/can be computed by conv.direct:9x9/);
    expect(made("softmax.blocked:2")).toThrow(
      expect.objectContaining({
        help: "softmax.blocked has nothing to set up: leave out what follows the colon",
      }),
    );
  });

  it("is named by the command that asks for it", () => {
    const wanted = request({ target: "cuda", precision: "bf16", arch: [90], maxBatch: 64 });
    expect(commandOf(wanted, variantOf(wanted))).toBe(
      "inceptc build tiny.incept --set classes=3 --target cuda --precision bf16 --arch 90 --max-batch 64",
    );
  });
});
