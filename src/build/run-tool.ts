import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface ToolRun {
  readonly program: string;
  /** Passed as they are: there is no shell in between. */
  readonly args: readonly string[];
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Gets everything that the program prints. */
  readonly log: string;
  readonly onLine: (line: string) => void;
}

/** Runs a program to its end and tells whether it succeeded. */
export async function runTool({
  program,
  args,
  directory,
  env,
  log,
  onLine,
}: ToolRun): Promise<boolean> {
  const file = createWriteStream(log, { flags: "a" });
  // A log that can't be written is no reason to stop; a full disk shows in the build itself.
  file.on("error", () => file.destroy());
  const child = spawn(program, args, {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      file.write(`${line}\n`);
      onLine(line);
    });
  }
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return code === 0;
  } finally {
    await new Promise<void>((done) => (file.destroyed ? done() : file.end(() => done())));
  }
}
