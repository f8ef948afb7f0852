import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { artefactRefusals, findArtefact } from "../../src/build/build.js";
import { cacheBeside } from "../../src/build/cache/places.js";
import { unusedRecords, variantOf } from "../../src/build/choose/variant.js";
import { variantKey } from "../../src/build/project/key.js";
import { projectOf } from "../../src/build/project/project.js";
import { foreign, kernelsHere, processor } from "../../src/build/records/circumstances.js";
import {
  readRecords,
  type RecordsFile,
  recordsPath,
  writeRecords,
} from "../../src/build/records/records-file.js";
import type { BuildRequest } from "../../src/build/request.js";
import { type CpuLevel, hostLevel } from "../../src/targets/cpu/level.js";
import { temporaryFolder } from "../support/cli.js";
import { networkOf } from "../support/network.js";
import { finished, key } from "./fake-build.js";
import { ownFolders } from "./own-folders.js";

const spec = "model Net { input image: f32[16, 8, 8] output y: conv(3x3, 32) }";
const layer = "conv 3x3 32 pad 1 (16 x 8x8)";
const ways: Readonly<Record<CpuLevel, readonly [string, string]>> = {
  amx: ["conv.direct:1x28", "conv.direct:2x14"],
  avx512: ["conv.direct:1x28", "conv.direct:2x14"],
  avx2: ["conv.direct:1x6", "conv.direct:1x6 planar"],
  baseline: ["conv.direct:1x2", "conv.direct:2x1"],
  neon: ["conv.direct:1x6", "conv.direct:1x6 planar"],
};
const [one, other] = ways[hostLevel()];

const here = {
  processor: processor(),
  level: hostLevel(),
  precision: "f32",
  kernels: kernelsHere(),
} as const;

const timed = (times: Record<string, number>, more: Partial<RecordsFile> = {}): RecordsFile => ({
  ...here,
  threads: 2,
  microseconds: new Map([[layer, new Map(Object.entries(times))]]),
  ...more,
});

/** A request of a spec in a folder of its own, where the records are. */
function requestWith(records?: RecordsFile): BuildRequest {
  const file = join(temporaryFolder(), "net.incept");
  if (records !== undefined) writeRecords(file, records);
  return { spec: file, network: networkOf(spec), target: "cpu" };
}

const keyOf = (request: BuildRequest): string => variantKey(request, variantOf(request));

describe("the file of records", () => {
  it("is read as it was written, beside the spec", () => {
    const records = timed({ "conv.direct:2x14 planar": 12.5, "conv.grouped": 900 });
    const { spec: file } = requestWith(records);
    expect(recordsPath(file, "f32")).toBe(file.replace(/\.incept$/, ".tuned.json"));
    expect(readRecords(file, "f32")).toEqual(records);
    expect(readFileSync(recordsPath(file, "f32"), "utf8")).toContain(
      '"conv.direct:2x14 planar": 12.5',
    );
    expect(readRecords(requestWith().spec, "f32")).toBeUndefined();
  });

  it.each([
    ["", "is empty"],
    ["{", "is not JSON"],
    ["[]", "holds [], expected an object"],
    ['{"processor": 1}', "says that processor is 1, expected a string of at most 1000 characters"],
    ["level", 'says that level is "x", expected one of amx, avx512, avx2, baseline, neon'],
    ["threads", "says that threads is 0, expected a whole number of 1 to 1024"],
    ["time", `says that microseconds["${layer}"]["a"] is -1, expected microseconds`],
  ])("that is damaged is an error that says where: %s", (text, what) => {
    const { spec: file } = requestWith(timed({ a: 1 }));
    const whole = readFileSync(recordsPath(file, "f32"), "utf8");
    const damages: Readonly<Record<string, string>> = {
      level: whole.replace(`"${hostLevel()}"`, '"x"'),
      threads: whole.replace('"threads": 2', '"threads": 0'),
      time: whole.replace('"a": 1', '"a": -1'),
    };
    writeFileSync(recordsPath(file, "f32"), damages[text] ?? text);
    expect(() => readRecords(file, "f32")).toThrow(
      expect.objectContaining({
        code: "build/records",
        message: expect.stringMatching(/net\.tuned\.json/) as string,
        help: "measure again, by inceptc tune SPEC, or remove the file",
      }),
    );
    expect(() => readRecords(file, "f32")).toThrow(what);
    const request = { spec: file, network: networkOf(spec) };
    expect(() => variantOf({ ...request, target: "cpu" })).toThrow(what);
    expect(variantOf({ ...request, target: "cuda-sim" }).records).toEqual([]);
  });
});

describe("what was measured", () => {
  it("decides which kernel is taken, of one core's time whatever the threads were", () => {
    const request = requestWith(timed({ [one]: 1, [other]: 2 }));
    const { records } = variantOf(request);
    expect(records[0]).toEqual({
      kernel: "conv.direct",
      tuning: one.split(":")[1],
      key: layer,
      nanoseconds: 2000,
    });
    const code = (times: Record<string, number>): string => {
      const own = requestWith(timed(times));
      return JSON.stringify(projectOf(own, variantOf(own)).program);
    };
    const struct = (way: string): string =>
      `Direct<${way.replace(/^.*:| .*$/g, "").replace("x", ", ")}>`;
    expect(code({ [one]: 1, [other]: 2 })).toContain(struct(one));
    expect(code({ [one]: 2, [other]: 1 })).toContain(struct(other));
  });

  it("is part of a build's key, where it is gone by", () => {
    const requests = [
      requestWith(),
      requestWith(timed({ [one]: 1 })),
      requestWith(timed({ [one]: 2 })),
      requestWith(timed({ "conv.x": 1 })),
    ];
    expect(new Set(requests.map(keyOf)).size).toBe(requests.length);
    const none = { ...requests[1]!, records: "none" } as const;
    expect(keyOf(none)).toBe(keyOf(requests[0]!));
    const plain = requests.map((each) => keyOf({ ...each, passes: false }));
    expect(new Set(plain).size).toBe(1);
  });

  it.each([
    [{ processor: "A" }, `it was measured on A, and this is ${here.processor}`],
    [{ level: "neon" }, `it was measured of neon, and this build is for ${here.level}`],
    [{ kernels: "0.0.1 x" }, `it was measured with the kernels of 0.0.1 x, and these are of`],
  ] as const)("elsewhere is not gone by, and told of: %j", (more, why) => {
    const request = requestWith(timed({ [one]: 1 }, more));
    const variant = variantOf(request);
    expect(variant.records).toEqual([]);
    expect(unusedRecords(request, variant)).toContain(`net.tuned.json is not used: ${why}`);
    expect(keyOf(request)).toBe(keyOf(requestWith()));
    expect(unusedRecords({ ...request, passes: false }, { ...variant, passes: false })).toBe(
      undefined,
    );
    expect(variantOf({ ...request, records: "any" }).records).toHaveLength(1);
  });

  it("in one precision decides nothing in the other", () => {
    const bf16 = { level: hostLevel("bf16"), precision: "bf16" } as const;
    const request = requestWith(timed({ [one]: 1 }));
    const asked = { ...request, precision: "bf16" } as const;
    const plain = { ...requestWith(), precision: "bf16" } as const;
    expect(keyOf(asked)).toBe(keyOf(plain));
    expect(unusedRecords(plain, variantOf(plain))).toBeUndefined();
    expect(unusedRecords(asked, variantOf(asked))).toContain(
      "net.tuned.json is not used: it was measured in f32, not in bf16",
    );
    const before = keyOf(request);
    const own = timed({ [other]: 2 }, bf16);
    expect(writeRecords(request.spec, own)).toMatch(/net\.tuned\.bf16\.json$/);
    expect(readRecords(request.spec, "bf16")).toEqual(own);
    expect(keyOf(request)).toBe(before);
    expect(keyOf(asked)).not.toBe(keyOf(plain));
    expect(unusedRecords(asked, variantOf(asked))).toBeUndefined();
    expect(variantOf(asked).records.map(({ nanoseconds }) => nanoseconds)).toEqual([4000]);
    // One file in the other's place.
    const text = readFileSync(recordsPath(request.spec, "f32"), "utf8");
    writeFileSync(recordsPath(request.spec, "bf16"), text);
    expect(unusedRecords(asked, variantOf(asked))).toContain(
      "net.tuned.bf16.json is not used: it was measured in f32, and this build is in bf16",
    );
    // The first files did not say it.
    writeFileSync(recordsPath(request.spec, "f32"), text.replace('"precision": "f32",', ""));
    expect(keyOf(request)).toBe(before);
  });

  it("here is no stranger", () => {
    expect(foreign({ ...here, threads: 7 }, here)).toBeUndefined();
    const request = requestWith(timed({ [one]: 1 }));
    expect(unusedRecords(request, variantOf(request))).toBeUndefined();
  });
});

describe("where nothing is compiled", () => {
  ownFolders();

  it("a build that goes by another machine's times is found", () => {
    const request = requestWith(timed({ [one]: 1 }, { processor: "A" }));
    expect(findArtefact(request)).toBeUndefined();
    const variant = keyOf({ ...request, records: "any" });
    finished(cacheBeside(request.spec), key, { variant });
    expect(findArtefact(request)?.directory).toBe(join(cacheBeside(request.spec), key));
    expect(artefactRefusals(request)).toEqual([]);
    expect(findArtefact({ ...request, maxBatch: 3 })).toBeUndefined();
  });
});
