import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";

/**
 * Runs the program and ends with its exit code, or 128 and the number of the signal that ended it.
 * Its input is a pipe that nothing is written to: where that closes, whoever asked for the program
 * is gone, however it went, and the whole process group goes too.
 *
 * @param words of the program and its arguments: what stands before them differs in Deno
 */
const guard = (words: number): string => `
const { execFileSync, spawn } = require("node:child_process");
const { signals } = require("node:os").constants;
const [program, ...args] = process.argv.slice(-${words});
const windows = process.platform === "win32";
const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], windowsHide: true });
const end = () => {
  if (windows) execFileSync("taskkill", ["/PID", String(child.pid), "/T", "/F"]);
  else process.kill(-process.pid, "SIGKILL");
  process.exit(1);
};
process.stdin.on("end", end).on("error", end).resume();
process.on("SIGTERM", () => {});
child.on("error", ({ message }) => {
  console.error("error: " + message);
  process.exit(127);
});
child.on("exit", (code, signal) => {
  // What a failing program leaves running would go on for nobody.
  if (code !== 0 && !windows) process.kill(-process.pid, "SIGTERM");
  process.exit(signal === null ? code : 128 + signals[signal]);
});
`;

export interface Guarded {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Ends the program and all that it started. */
  kill(): void;
  /** Comes when the program has ended and its output has been read. */
  readonly ending: Promise<Ending>;
}

/** The exit code, or the signal that ended the program. */
export type Ending =
  { readonly code: number; readonly signal?: undefined } | { readonly signal: string };

/**
 * Starts a program that does not outlive this process: killed or crashed, it takes the program and
 * all that this started with it. Arguments are passed as they are, there is no shell in between.
 */
export function startGuarded(
  program: string,
  args: readonly string[],
  { directory, env = {} }: { directory?: string; env?: Readonly<Record<string, string>> } = {},
): Guarded {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(
    process.execPath,
    ["-e", guard(1 + args.length), program, ...args],
    {
      cwd: directory,
      env: { ...process.env, NODE_OPTIONS: "", ELECTRON_RUN_AS_NODE: "1", ...env },
      stdio: ["pipe", "pipe", "pipe"],
      // A process group of its own, which can be ended whole.
      detached: process.platform !== "win32",
      windowsHide: true,
    },
  );
  const { stdin, stdout, stderr } = child;
  const ending = once(child, "close").then(([code, signal]) =>
    endingOf(code as number | null, signal as string | null),
  );
  return { stdout, stderr, kill: () => void stdin.destroy(), ending };
}

function endingOf(code: number | null, signal: string | null): Ending {
  if (code === null) return { signal: signal ?? "SIGKILL" };
  const ended = Object.entries(constants.signals).find(([, number]) => 128 + number === code);
  return ended === undefined ? { code } : { signal: ended[0] };
}
