/**
 * What the device's classes ask of CUDA, cuDNN and cuBLASLt, on fakes of the three: which failures
 * they report, what a graph's nodes depend on, what happens after a crash, and that the numbers
 * which the descriptors stand for are a convolution's and a product's.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { device, here, hostCompile, lines, sources, withoutToolkit } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "incept-machine-"));
const program = join(folder, "machine");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fake = (name: string) => join(here, "fake", name);

/** A fake library in a folder of its own; what CUDNN_PATH names. */
async function library(place: string, name: string, source: string, ...flags: string[]) {
  const home = join(folder, place);
  mkdirSync(join(home, "lib"), { recursive: true });
  const file = join(home, "lib", name);
  await hostCompile("-g", "-shared", "-fPIC", ...flags, fake(source), "-o", file);
  return home;
}

const name =
  withoutToolkit === undefined ? "the device" : `the device (left out: ${withoutToolkit})`;

describe.skipIf(withoutToolkit !== undefined)(name, () => {
  let libraries: Record<string, string>;

  beforeAll(async () => {
    const home = await library("both", "libcudnn.so.9", "cudnn.cpp");
    await library("both", "libcublasLt.so.13", "cublas.cpp");
    libraries = { CUDNN_PATH: home };
    const flags = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    const parts = ["machine.cpp", "tasks.cpp", "crash.cpp", "numbers.cpp"];
    const files = [...parts.map((part) => join(here, part)), fake("runtime.cpp"), ...sources];
    await hostCompile(...flags, ...files, "-o", program, "-ldl", "-pthread");
  });

  /** What a part finds wrong; the leak detector has the last word, but after a crash. */
  async function failed(part: string, options: Record<string, string> = {}) {
    const printed = await lines(program, [part], { ...libraries, ...options });
    return printed.filter((line) => !line.startsWith("cudnn"));
  }

  test.each(["errors", "memory", "tasks", "threads", "numbers"])("%s", async (part) => {
    expect(await failed(part)).toEqual(["done"]);
  });

  // What a lost context held is left alone.
  const options = { ASAN_OPTIONS: "detect_leaks=0" };

  test("gpus", async () => {
    expect(await failed("gpus", options)).toEqual(["done"]);
  });

  test("crash", async () => {
    expect(await failed("crash", options)).toEqual(["done"]);
    const handles = await lines(program, ["crash"], { ...libraries, ...options });
    expect(handles.filter((line) => line === "cudnnCreate")).toHaveLength(4);
    expect(handles.filter((line) => line === "cudnnDestroy")).toHaveLength(2);
    expect(handles).not.toContain("cudnn plan destroyed");
  });

  test("addons of one process share what becomes of its context", async () => {
    const addon = ["-shared", "-fPIC", "-fvisibility=hidden", "-DADDON"];
    const parts = ["context.cpp", "error.cpp"].map((file) => join(device, file));
    const addons = ["a.node", "b.node"].map((file) => join(folder, file));
    for (const file of addons)
      await hostCompile(
        ...addon,
        join(here, "shared.cpp"),
        ...parts,
        fake("runtime.cpp"),
        "-o",
        file,
      );
    const process = join(folder, "process");
    await hostCompile(join(here, "shared.cpp"), "-o", process, "-ldl");
    expect(await lines(process, addons, {})).toEqual(["0", "0", "1"]);
  });

  test("an old cuDNN is named with its version", async () => {
    const home = await library("old", "libcudnn.so.9", "cudnn.cpp", "-DVERSION=90701");
    await library("old", "libcublasLt.so.13", "cublas.cpp");
    const [said] = await failed("make", { CUDNN_PATH: home });
    expect(said).toMatch(
      /^cuda\/old-cudnn: .*libcudnn\.so\.9 is cuDNN 9\.7\.1, and 9\.8\.0 or newer/,
    );
  });

  test("a library without a symbol is named with it", async () => {
    const home = await library("other", "libcudnn.so.9", "cudnn.cpp", "-DWITHOUT_FINALIZE");
    await library("other", "libcublasLt.so.13", "cublas.cpp");
    const [said] = await failed("make", { CUDNN_PATH: home });
    expect(said).toMatch(/^cuda\/no-cudnn: .*libcudnn\.so\.9 .*no cudnnBackendFinalize\. /);
  });

  test("cuBLASLt of CUDA 12 will do, and its absence is named", async () => {
    const home = await library("twelve", "libcudnn.so.9", "cudnn.cpp");
    const [said] = await failed("make", { CUDNN_PATH: home });
    expect(said).toMatch(/^cuda\/no-cublas: .*was not found: libcublasLt\.so\.13: .*pip install/);
    await library("twelve", "libcublasLt.so.12", "cublas.cpp");
    expect(await failed("numbers", { CUDNN_PATH: home })).toEqual(["done"]);
  });

  test("without both libraries cuDNN is asked for first", async () => {
    const [said] = await failed("make", { CUDNN_PATH: "" });
    expect(said).toMatch(/^cuda\/no-cudnn: cuDNN 9 was not found: libcudnn\.so\.9: cannot open/);
    expect(said).toContain("pip install nvidia-cudnn-cu13");
    expect(said).toContain("apt-get install cudnn9-cuda-13");
  });
});
