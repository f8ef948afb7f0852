import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "./cli.js";

/** What tests of builds rely on: an object is only ever what the compiler would have made. */
describe.skipIf(process.platform !== "linux")("compile-once.sh", () => {
  let objects: string;
  let log: string;
  beforeEach(() => {
    const folder = temporaryFolder();
    objects = join(folder, "objects");
    mkdirSync(objects);
    log = join(folder, "log");
    writeFileSync(log, "");
    // A compiler that says what it was started for.
    const compiler = `#!/bin/sh\necho "$*" >> ${log}\nexec c++ "$@"\n`;
    writeFileSync(join(folder, "compiler"), compiler, { mode: 0o755 });
    compile = (project, ...flags) => {
      const output = ["-MD", "-MT", "a.o", "-MF", "a.d", "-o", "a.o", "-c", `${project}/a.cpp`];
      const all = [join(folder, "compiler"), `-I${project}`, ...flags, ...output];
      const env = { ...process.env, INCEPT_OBJECTS: objects };
      const cwd = join(project, "build");
      return spawnSync(resolve("test/support/compile-once.sh"), all, {
        cwd,
        env,
        encoding: "utf8",
      });
    };
  });
  let compile: (
    project: string,
    ...flags: string[]
  ) => { readonly status: number | null; readonly stderr: string };

  function project(
    header: string,
    source = '#include "a.hpp"\nint f() { return value; }\n',
  ): string {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "build"));
    writeFileSync(join(folder, "a.hpp"), header);
    writeFileSync(join(folder, "a.cpp"), source);
    return folder;
  }
  const compiled = (): number => readFileSync(log, "utf8").split("\n").length - 1;
  const one = "constexpr int value = 1;\n";

  test("the same files in another folder are not compiled again", () => {
    const [first, second] = [project(one), project(one)];
    for (const folder of [first, second]) expect(compile(folder).status).toBe(0);
    expect(compiled()).toBe(1);
    const of = (folder: string, name: string): string =>
      readFileSync(join(folder, "build", name), "latin1");
    expect(of(second, "a.o")).toBe(of(first, "a.o"));
    expect(of(second, "a.d")).toBe(of(first, "a.d").replaceAll(first, second));
    expect(of(second, "a.d")).toContain(`${second}/a.hpp`);
  });

  test.each([
    ["source", () => project(one, '#include "a.hpp"\nint g() { return value; }\n'), []],
    ["header", () => project("constexpr int value = 2;\n"), []],
    ["flag", () => project(one), ["-O1"]],
  ] as const)("another %s is", (_, other, flags) => {
    expect(compile(project(one)).status).toBe(0);
    expect(compile(other(), ...flags).status).toBe(0);
    expect(compiled()).toBe(2);
  });

  test("what the compiler says is said each time, and an error is one", () => {
    for (const count of [1, 2]) {
      const warned = compile(project("#warning of this\nconstexpr int value = 1;\n"));
      expect(warned.status).toBe(0);
      expect(warned.stderr).toContain("of this");
      const failed = compile(project("#error of that\n"));
      expect(failed.status).toBe(1);
      expect(failed.stderr).toContain("of that");
      expect(compiled()).toBe(2 * count);
    }
    expect(readdirSync(objects)).toEqual([]);
  });

  test("a folder whose name sed could not take is the compiler's", () => {
    const folder = join(temporaryFolder(), "a|b &c");
    mkdirSync(join(folder, "build"), { recursive: true });
    writeFileSync(join(folder, "a.cpp"), "int f() { return 1; }\n");
    expect(compile(folder).status).toBe(0);
    expect(readdirSync(objects)).toEqual([]);
  });
});
