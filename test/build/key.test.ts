import { afterEach, expect, it } from "vitest";
import { buildKey, variantKey } from "../../src/build/project/key.js";
import type { BuildRequest } from "../../src/build/request.js";
import { variantOf } from "../../src/build/choose/variant.js";
import { hostLevel, levelsOfArch } from "../../src/targets/cpu/level.js";
import { tinySpec } from "../emit/project.js";
import { networkOf } from "../support/network.js";

const before = process.env.CUDAFLAGS;
afterEach(() => {
  if (before === undefined) delete process.env.CUDAFLAGS;
  else process.env.CUDAFLAGS = before;
});

const keyOf = (more: Partial<BuildRequest>): string => {
  const request = { spec: "tiny.incept", network: networkOf(tinySpec), ...more };
  return variantKey(request, variantOf(request));
};

it("tells targets, precisions and architectures apart", () => {
  const requests: readonly Partial<BuildRequest>[] = [
    { target: "cpu" },
    { target: "cpu", precision: "bf16" },
    { target: "cuda-sim" },
    { target: "cuda", arch: [80] },
    { target: "cuda", arch: [80, 90] },
    { target: "cuda", arch: [80], precision: "f16" },
  ];
  expect(new Set(requests.map(keyOf)).size).toBe(requests.length);
  expect(keyOf({ target: "cuda", arch: [90, 80] })).toBe(keyOf({ target: "cuda", arch: [80, 90] }));
});

it("tells instruction sets apart, and not by which words they were asked for", () => {
  const known = levelsOfArch();
  const keys = new Set([...known, "all" as const].map((cpu) => keyOf({ target: "cpu", cpu })));
  expect(keys.size).toBe(known.length === 1 ? 1 : known.length + 1);
  expect(keyOf({ target: "cpu", cpu: hostLevel() })).toBe(keyOf({ target: "cpu" }));
});

it("tells heads apart where they are trained, and not where they are left out", () => {
  const spec = (width: number): string => `model Net {
    input image: f32[3, 8, 8]
    stem: conv(3x3, 4)
    aux head: globalavgpool -> linear(${width}) as fc1 -> relu -> linear(10) as fc2
    output prob: globalavgpool -> linear(10)
  }`;
  const of = (width: number, train?: BuildRequest["train"]): string =>
    keyOf({ target: "cpu", network: networkOf(spec(width)), train });
  const losses = ["prob", "head"].map((output) => {
    return { output, kind: "cross_entropy", targets: "prob" } as const;
  });
  const train = { losses, frozen: [] };
  expect(of(8)).toBe(of(16));
  expect(of(8, train)).not.toBe(of(16, train));
  expect(of(8, train)).not.toBe(of(8));
  expect(of(8, { losses, frozen: ["head.fc1.weight"] })).not.toBe(of(8, train));
});

it("tells apart which passes are left out, whatever their order", () => {
  const requests: readonly Partial<BuildRequest>[] = [
    {},
    { passes: false },
    { algebra: false },
    { without: ["merge-siblings"] },
    { without: ["merge-siblings", "drop-identity"] },
  ];
  expect(new Set(requests.map(keyOf)).size).toBe(requests.length);
  const twice = ["drop-identity", "merge-siblings", "drop-identity"];
  expect(keyOf({ without: twice })).toBe(keyOf(requests[4]!));
  expect(keyOf({ passes: false, without: twice })).toBe(keyOf({ passes: false }));
});

it("tells apart which kernels are forced, whatever their order", () => {
  const requests: readonly Partial<BuildRequest>[] = [
    {},
    { force: ["conv.direct"] },
    { force: ["conv.direct:2x14"] },
    { force: ["conv.direct:2x14", "maxpool.reference"] },
  ].map((each) => ({ ...each, target: "cpu" }));
  expect(new Set(requests.map(keyOf)).size).toBe(requests.length);
  const twice = ["maxpool.reference", "conv.direct:2x14", "maxpool.reference"];
  expect(keyOf({ target: "cpu", force: twice })).toBe(keyOf(requests[3]!));
});

it("changes with what reaches the compilers by the environment", () => {
  const tool = { path: "/usr/bin/c++", size: 1, modified: 1 };
  const key = (): string => buildKey("variant", { compiler: tool, others: [] });
  delete process.env.CUDAFLAGS;
  const plain = key();
  process.env.CUDAFLAGS = "-lineinfo";
  expect(key()).not.toBe(plain);
});
