import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inceptc, temporaryFolder } from "../support/cli.js";

interface Report {
  ready: boolean;
  findings: { name: string; ok: boolean; help?: string }[];
}

/** A PATH with only these programs, none of which does anything. */
function pathWith(...programs: string[]): string {
  const folder = join(temporaryFolder(), "bin");
  mkdirSync(folder);
  for (const name of programs) {
    writeFileSync(join(folder, name), "#!/bin/sh\n");
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

test("with a compiler, CMake and make it is ready", () => {
  const PATH = pathWith("g++", "cmake", "make");
  const { status, stdout } = inceptc(["doctor"], { env: { PATH, CXX: "" } });
  expect(status).toBe(0);
  expect(stdout).toContain("✔ C++ compiler");
  expect(stdout).toContain(join(PATH, "g++"));
});

test("without a compiler it says what to install: exit 2", () => {
  const { status, stdout, stderr } = inceptc(["doctor"], { env: { PATH: pathWith(), CXX: "" } });
  expect(status).toBe(2);
  expect(stdout).toContain("✖ C++ compiler");
  expect(stdout).toMatch(/help: on .*(apt-get|xcode-select|Visual Studio)/);
  expect(stderr).toContain("[doctor/not-ready]");
});

test("it shows what there is for GPUs, and what each lack would take; none is required", () => {
  const env = { PATH: pathWith("g++", "cmake", "make"), CXX: "", CUDNN_PATH: "", CUDACXX: "none" };
  const report = JSON.parse(inceptc(["doctor", "--json"], { env }).stdout) as Report;
  const names = ["nvcc (target cuda)", "GPU and driver", "cuDNN 9", "cuBLASLt", "target auto"];
  const found = names.map((name) => report.findings.find((finding) => finding.name === name));
  expect(found.every((finding) => finding !== undefined)).toBe(true);
  expect(found.every((finding) => finding!.ok || finding!.help !== undefined)).toBe(true);
  expect(report.ready).toBe(true);
});

test("without CMake node-gyp is enough where Python and make are", () => {
  const env = { PATH: pathWith("c++", "python3", "make"), CXX: "" };
  const report = JSON.parse(inceptc(["doctor", "--json"], { env }).stdout) as Report;
  const cmake = report.findings.find(({ name }) => name.startsWith("cmake-js"));
  expect(cmake?.ok).toBe(false);
  expect(cmake?.help).toContain("cmake");
});

test.runIf(process.platform !== "win32")("a cache that anyone may write is told", () => {
  const home = temporaryFolder();
  const builds = join(home, "inceptc", "builds");
  mkdirSync(builds, { recursive: true });
  chmodSync(builds, 0o777);
  const env = { PATH: pathWith("g++", "cmake", "make"), CXX: "", XDG_CACHE_HOME: home };
  const { stdout } = inceptc(["doctor"], { env });
  expect(stdout).toMatch(/· cache +anyone may write /);
  expect(stdout).toContain("help: set XDG_CACHE_HOME to a folder that is yours alone to write");
});
