import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { startGuarded } from "./guarded.js";

export interface ToolRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Gets everything that the program prints. */
  readonly log: string;
  readonly onLine: (line: string) => void;
}

/** Runs a program to its end and tells whether it succeeded. It does not outlive this process. */
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
  // What a killed compiler leaves of its temporary files goes with the folder.
  const tool = startGuarded(program, args, { directory, env: { TMPDIR: directory, ...env } });
  for (const stream of [tool.stdout, tool.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      file.write(`${line}\n`);
      onLine(line);
    });
  }
  try {
    const ending = await tool.ending;
    return ending.signal === undefined && ending.code === 0;
  } finally {
    await new Promise<void>((done) => (file.destroyed ? done() : file.end(() => done())));
  }
}
