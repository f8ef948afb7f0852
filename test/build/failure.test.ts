import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { failure } from "../../src/build/make/failure.js";
import { Folder } from "./folder.js";

const compiling = "[1/8] Building CXX object CMakeFiles/network.dir/forward_1.cpp.o\n";

it.each([
  ["bug/emitted-code", `${compiling}forward_1.cpp:3:1: error: expected ';'\n`],
  ["file/cannot-write", `${compiling}fatal error: error writing: No space left on device\n`],
  ["toolchain/out-of-memory", `${compiling}c++: fatal error: Killed signal terminated program\n`],
  [
    "toolchain/broken",
    "[1/2] Building CXX object CMakeFiles/cmTC_1.dir/x.cxx.o\nCMake Error: The CMAKE_CXX_COMPILER is not able to compile\n",
  ],
])("calls it %s by what the tools printed", (code, text) => {
  using folder = new Folder();
  const log = folder.file("build.log");
  writeFileSync(log, text);
  const error = failure("Net", log);
  expect(error.code).toBe(code);
  expect(error.help).toContain(log);
});
