import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the bundled command line as a user would; no terminal, no colours. */
export function inceptc(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeout?: number } = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve("dist/cli.js"), ...args],
    {
      encoding: "utf8",
      cwd: options.cwd ?? process.cwd(),
      timeout: options.timeout,
      env: { ...process.env, NO_COLOR: "1", ...options.env },
      maxBuffer: 1 << 28,
    },
  );
  return { status, stdout, stderr };
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "incept-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
