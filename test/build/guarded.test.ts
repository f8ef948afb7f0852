import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startGuarded } from "../../src/build/make/guarded.js";
import { packageFile } from "../../src/emit/package.js";
import { tinySpec } from "../emit/project.js";
import { Folder } from "./folder.js";

const unix = process.platform !== "win32";
/** Generous: what is waited for comes at once or never. */
const patience = { timeout: 120_000, interval: 20 };

/** Whether the process computes: one that nobody has collected is dead. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = `/proc/${pid}/stat`;
    return !existsSync(stat) || !/\) [ZX]/.test(readFileSync(stat, "latin1"));
  } catch {
    return false;
  }
}

const pidsIn = (file: string): number[] =>
  existsSync(file) ? readFileSync(file, "utf8").trim().split(/\s+/).map(Number) : [];

/** Waits until the file names so many processes, all of them at work; a failing test ends them. */
const started = (file: string, count: number): Promise<number[]> =>
  vi.waitFor(() => {
    const pids = pidsIn(file);
    expect(pids).toHaveLength(count);
    expect(pids.map(runs)).toEqual(pids.map(() => true));
    onTestFinished(() => pids.filter(runs).forEach((pid) => process.kill(pid, "SIGKILL")));
    return pids;
  }, patience);

const ended = (pids: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(pids.filter(runs)).toEqual([]), patience);

/** Starts a child of its own and a grandchild, tells their ids, and waits for ever. */
const family = 'sleep 1000 & echo "$$ $!" > "$1.new" && mv "$1.new" "$1"; wait';

describe.runIf(unix)("a guarded program", () => {
  it.each<[script: string, ending: object]>([
    ["exit 0", { code: 0 }],
    ["exit 7", { code: 7 }],
    ["kill -SEGV $$", { signal: "SIGSEGV" }],
    ["kill -KILL $$", { signal: "SIGKILL" }],
  ])("%s ends as itself", async (script, ending) => {
    const program = startGuarded("/bin/sh", ["-c", `echo out; echo err >&2; ${script}`]);
    expect(await text(program.stdout)).toBe("out\n");
    expect(await text(program.stderr)).toBe("err\n");
    expect(await program.ending).toEqual(ending);
  });

  it("gets its arguments, folder and environment as they are", async () => {
    using folder = new Folder();
    const program = startGuarded("/bin/sh", ["-c", 'pwd; echo "$X" "$@"', "sh", "--a", "$(b)"], {
      directory: folder.path,
      env: { X: "it's" },
    });
    const [out] = await Promise.all([text(program.stdout), program.ending]);
    expect(out.split("\n").slice(-3)).toEqual([
      expect.stringContaining(folder.path),
      "it's --a $(b)",
      "",
    ]);
  });

  it("that is not there says so, and fails", async () => {
    const program = startGuarded("/no/such/program", []);
    const [errors, ending] = await Promise.all([text(program.stderr), program.ending]);
    expect(errors).toContain("/no/such/program");
    expect(ending).toEqual({ code: 127 });
  });

  it("is ended with all that it started", async () => {
    using folder = new Folder();
    const program = startGuarded("/bin/sh", ["-c", family, "sh", folder.file("pids")]);
    const pids = await started(folder.file("pids"), 2);
    program.kill();
    expect(await program.ending).toEqual({ signal: "SIGKILL" });
    await ended(pids);
  });

  it("that fails leaves nothing running", async () => {
    using folder = new Folder();
    const script = `(${family}) > /dev/null 2>&1 & while [ ! -e "$1" ]; do sleep 0.02; done; exit 3`;
    const program = startGuarded("/bin/sh", ["-c", script, "sh", folder.file("pids")]);
    expect(await program.ending).toEqual({ code: 3 });
    expect(pidsIn(folder.file("pids"))).toHaveLength(2);
    await ended(pidsIn(folder.file("pids")));
  });

  it.each(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "throw", "exit"] as const)(
    "does not outlive who asked for it: %s",
    async (how) => {
      using folder = new Folder();
      const main = folder.file("main.mts");
      writeFileSync(
        main,
        `import { existsSync } from "node:fs";
         import { startGuarded } from ${JSON.stringify(packageFile("src/build/make/guarded.ts"))};
         const [file, how] = process.argv.slice(2);
         startGuarded("/bin/sh", ["-c", ${JSON.stringify(family)}, "sh", file]);
         setInterval(() => {
           if (!existsSync(file + ".go")) return;
           if (how === "throw") throw new Error("unforeseen");
           if (how === "exit") process.exit(0);
         }, 20);`,
      );
      const args = ["--import", "tsx", main, folder.file("pids"), how];
      const child = spawn(process.execPath, args, { cwd: packageFile(), stdio: "ignore" });
      const pids = await started(folder.file("pids"), 2);
      if (how.startsWith("SIG")) child.kill(how as NodeJS.Signals);
      else writeFileSync(folder.file("pids.go"), "");
      await ended([child.pid!, ...pids]);
    },
  );
});

it.runIf(unix)("a build that is killed takes its tools with it", async () => {
  using folder = new Folder();
  const spec = folder.file("tiny.incept");
  writeFileSync(spec, tinySpec);
  mkdirSync(folder.file("bin"));
  writeFileSync(folder.file("bin", "cmake"), `#!/bin/sh\nset -- ${folder.file("pids")}\n${family}`);
  chmodSync(folder.file("bin", "cmake"), 0o755);
  const path = [folder.file("bin"), process.env.PATH ?? ""].join(delimiter);
  const child = spawn(process.execPath, ["dist/cli.js", "build", spec, "--target", "cpu"], {
    env: { ...process.env, PATH: path, XDG_CACHE_HOME: folder.file("cache") },
    stdio: "ignore",
  });
  const pids = await started(folder.file("pids"), 2);
  child.kill("SIGKILL");
  await ended([child.pid!, ...pids]);
});
