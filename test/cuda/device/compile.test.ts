/** The GPU form of the boundary compiles without a warning, for the oldest GPUs and the newest. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { device, here, hostCompile, nvccCompile, sources, withoutToolkit } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "incept-device-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const name =
  withoutToolkit === undefined ? "the device" : `the device (left out: ${withoutToolkit})`;

describe.skipIf(withoutToolkit !== undefined)(name, () => {
  const kernels = join(here, "kernels.cu");

  test.each(["sm_80", "sm_120"])("compiles by nvcc for %s", async (arch) => {
    const output = join(folder, `${arch}.o`);
    for (const file of [kernels, join(device, "built.cu")]) {
      expect(await nvccCompile(`-arch=${arch}`, "-c", file, "-o", output)).toBe("");
    }
  });

  test("compiles by the host's compiler", async () => {
    for (const file of sources) await hostCompile("-O2", "-c", file, "-o", join(folder, "host.o"));
    const header = join(folder, "header.cpp");
    writeFileSync(header, '#include "kernel.hpp"\n#include "machine.hpp"\n');
    await hostCompile("-fsyntax-only", header);
  });

  test("moves a pack in one access", async () => {
    const ptx = join(folder, "kernels.ptx");
    await nvccCompile("-arch=sm_80", "-ptx", kernels, "-o", ptx);
    const accesses = [...readFileSync(ptx, "utf8").matchAll(/\b(ld|st)\.global(\S*)/g)].map(
      ([, way, kind]) => way! + kind!.replace(/[a-z]*(\d\d)$/, "$1"),
    );
    const wanted = [
      "ld.v4.32",
      "st.v4.32",
      "ld.v2.32",
      "st.v2.32",
      "ld.32",
      "st.32",
      "ld.16",
      "st.16",
    ];
    for (const access of wanted) expect(accesses).toContain(access);
    expect(accesses.filter((access) => access.includes(".nc"))).toEqual([]);
  });
});
