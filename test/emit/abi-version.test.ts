import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packageFile } from "../../src/emit/package.js";

it.each([
  ["the runtime", ["src", "runtime", "addon.ts"], /abiVersion = (\d+);/],
  ["what drives a GPU", ["bench", "gpu", "network.py"], /^ABI_VERSION = (\d+)$/m],
] as const)("%s reads the version of the C ABI that is emitted", (_, file, version) => {
  const read = (...path: readonly string[]): string => readFileSync(packageFile(...path), "utf8");
  const [, emitted] = /INCEPT_ABI_VERSION (\d+)/.exec(read("native", "abi", "incept.h"))!;
  expect(version.exec(read(...file))?.[1]).toBe(emitted);
});
