/**
 * What the real cuDNN and cuBLASLt say, as Python wheels install them, on a machine that need not
 * have a GPU: they take every layer's descriptors and refuse wrong ones, and for GPUs that are only
 * described cuDNN chooses engines and plans with them.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wheels } from "../wheels.js";
import { gpus } from "./gpus.js";
import { here, hostCompile, lines, runtime, sources, withoutWheels } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "incept-libraries-"));
const program = join(folder, "real");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const name =
  withoutWheels === undefined ? "the libraries" : `the libraries (left out: ${withoutWheels})`;

describe.skipIf(withoutWheels !== undefined)(name, () => {
  beforeAll(async () => {
    await hostCompile("-O1", join(here, "real.cpp"), ...sources, "-o", program, ...runtime);
  });

  /** Answers by what was asked. */
  async function ask(...args: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const printed = await lines(program, args, wheels()!.env);
    return new Map(printed.map((line) => line.split(/: (.*)/s) as [string, string]));
  }

  test("are found, with every function", async () => {
    const [cudnn, cublas] = await lines(program, ["names"], wheels()!.env);
    expect(cudnn).toMatch(/^cuDNN 9\.\d+\.\d+$/);
    expect(cublas).toMatch(/^cuBLASLt 13\.\d+\.\d+$/);
  });

  test("cuBLASLt is found beside cuDNN's wheel", async () => {
    const { CUDNN_PATH } = wheels()!.env;
    const [, cublas] = await lines(program, ["names"], { CUDNN_PATH: CUDNN_PATH! });
    expect(cublas).toMatch(/^cuBLASLt 13\./);
  });

  test("are named where they are absent, with advice", async () => {
    const [cudnn] = await lines(program, ["names"], { CUDNN_PATH: "" });
    expect(cudnn).toMatch(/^cuda\/no-cudnn: cuDNN 9 was not found: libcudnn\.so\.9: cannot open/);
    expect(cudnn).toMatch(/pip install nvidia-cudnn-cu13.*apt-get install cudnn9-cuda-13/);
  });

  test("cuDNN takes every convolution's descriptors", async () => {
    const answers = await ask("describe");
    expect(answers.size).toBe(4 * 10 * 2 * 5);
    expect([...answers].filter(([, answer]) => answer !== "described")).toEqual([]);
  });

  test("cuDNN refuses what is no convolution, in its own words", async () => {
    const answers = await ask("refuse");
    const words = {
      height: /describing the convolution: is_valid_spatial_dim/,
      width: /describing the convolution: is_valid_spatial_dim/,
      images: /describing the convolution: yDimA\[N_DIM\] != xDimA\[N_DIM\]/,
      groups: /describing the convolution: .*xDimA\[1\] % wDimA\[1\]/,
      stride: /describing the window: /,
      alignment: /describing the tensor x: Tensor pointer alignment \(1\) must be/,
      nothing: /describing the convolution: .*0 == xDimA\[1\]/,
    };
    expect(answers.get("as it is")).toBe("described");
    for (const [what, said] of Object.entries(words)) {
      expect(answers.get(what)).toMatch(
        /^cuda\/descriptor: cuDNN 9\..*\(CUDNN_STATUS_BAD_PARAM\)$/,
      );
      expect(answers.get(what)).toMatch(said);
    }
    expect(answers.size).toBe(1 + Object.keys(words).length);
  });

  test("cuBLASLt takes products' descriptors, and rows that overlap are refused", async () => {
    const answers = await ask("products");
    expect(answers.size).toBe(4 * 2 * 3);
    for (const [asked, answer] of answers) {
      if (asked.endsWith("short")) expect(answer).toMatch(/^cuda\/descriptor: .*rows 2047 apart/);
      else expect(answer).toBe("described");
    }
  });

  test.skipIf(existsSync("/dev/nvidiactl"))(
    "a device cannot be made without a driver",
    async () => {
      const [said] = await lines(program, ["device"], wheels()!.env);
      expect(said).toMatch(/^cuda\/no-driver: There is no NVIDIA driver on this machine/);
    },
  );

  // Engines that cuDNN compiles itself need a driver: they are missing here, so that an activation
  // without a bias, curves such as tanh find few or none.
  describe.each(Object.entries(gpus))("on an %s", (_, gpu) => {
    let engines: ReadonlyMap<string, string>;
    beforeAll(async () => (engines = await ask("engines", JSON.stringify(gpu))));

    test("every convolution without and with bias and ReLU has an engine", () => {
      const usual = [...engines].filter(([asked]) => /(none|bias relu)$/.test(asked));
      expect(usual).toHaveLength(4 * 10 * 3);
      for (const [, engine] of usual) {
        expect(engine).toMatch(/^engine \d+( \([a-zA-Z, ]+\))?, (no workspace|[\d.]+ \w+)$/);
      }
    });

    test("f32 keeps its precision", () => {
      const chosen = [...engines].filter(([asked]) => asked.startsWith("f32 "));
      expect(chosen).toHaveLength(10 * 10);
      for (const [, engine] of chosen) expect(engine).not.toMatch(/tensor cores|inputs rounded/);
    });

    test.each(["tf32", "f16", "bf16"])("%s runs on tensor cores", (precision) => {
      for (const layer of ["3x3", "1x1", "5x5"]) {
        expect(engines.get(`${precision} ${layer} bias relu`)).toContain("tensor cores");
      }
    });
  });
});
