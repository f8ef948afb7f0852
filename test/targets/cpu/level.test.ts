import { expect, it } from "vitest";
import { cpuinfo, hostLevel, kernelFlags, levelOf } from "../../../src/targets/cpu/level.js";

const haswell = "fpu sse4_2 avx f16c fma bmi1 avx2 bmi2";
const skylake = `${haswell} avx512f avx512dq avx512cd avx512bw avx512vl`;

const sapphire = `${skylake} avx512_bf16 amx_tile amx_bf16`;

it("takes the highest level that a processor has every feature of", () => {
  const level = (flags: string): string => levelOf(new Set(flags.split(" ")));
  expect(level("fpu sse4_2")).toBe("baseline");
  expect(level(haswell)).toBe("avx2");
  expect(level(haswell.replace(" fma", ""))).toBe("baseline");
  expect(level(skylake)).toBe("avx512");
  expect(level(skylake.replace(" avx512vl", ""))).toBe("avx2");
  expect(level(sapphire)).toBe("avx512");
  const bf16 = (flags: string): string => levelOf(new Set(flags.split(" ")), "bf16");
  expect(bf16(sapphire)).toBe("amx");
  expect(bf16(sapphire.replace(" amx_bf16", ""))).toBe("avx512");
  expect(bf16(haswell)).toBe("avx2");
});

it("reads the flags of the first processor of /proc/cpuinfo", () => {
  const text = "processor\t: 0\nflags\t\t: fpu avx\n\nprocessor\t: 1\nflags\t\t: other\n";
  expect(cpuinfo(text)).toEqual(new Set(["fpu", "avx"]));
  expect(cpuinfo("")).toEqual(new Set());
});

it("never asks for fast math", () => {
  for (const level of ["amx", "avx512", "avx2", "baseline", "neon"] as const) {
    expect(kernelFlags(level).join(" ")).not.toMatch(/fast-math|Ofast/);
  }
  expect(kernelFlags("amx")).toEqual(
    expect.arrayContaining(["-mavx512f", "-mavx512bf16", "-mamx-tile", "-mamx-bf16"]),
  );
  expect(kernelFlags("baseline").join(" ")).not.toMatch(/(^| )-m/);
  expect(kernelFlags(hostLevel())).toContain("-O3");
});
