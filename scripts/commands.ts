/** Runs commands, tells how each ended, and remembers whether all went well. */
import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

export interface CheckCommand {
  readonly name: string;
  /** What a reader should know of the output before it comes. */
  readonly about?: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface CommandResult {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
}

/** A command's output is shown as it comes; a failure does not stop the commands after it. */
export function runCommands(commands: readonly CheckCommand[]): readonly CommandResult[] {
  return commands.map(({ name, about, command: [program, ...args], env, cwd }) => {
    process.stdout.write(`\n── ${name}\n${about === undefined ? "" : `${about}\n\n`}`);
    const start = performance.now();
    const { status, error } = spawnSync(program, args, {
      stdio: "inherit",
      cwd: cwd ?? process.cwd(),
      env: { ...process.env, ...env },
    });
    if (error) process.stdout.write(`${error.message}\n`);
    return { name, ok: status === 0, seconds: (performance.now() - start) / 1000 };
  });
}

/**
 * Lanes beside one another, the commands of each one after another. A command's output is shown when it
 * has ended, so that none stands between the lines of another.
 */
export async function runLanes(
  lanes: readonly (readonly CheckCommand[])[],
): Promise<readonly CommandResult[]> {
  const all = lanes.map(async (commands) => {
    const results: CommandResult[] = [];
    for (const command of commands) results.push(await runCollected(command));
    return results;
  });
  return (await Promise.all(all)).flat();
}

function runCollected({ name, about, command, env, cwd }: CheckCommand): Promise<CommandResult> {
  const [program, ...args] = command;
  const start = performance.now();
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: cwd ?? process.cwd(),
    env: { ...process.env, ...env },
  });
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (part: Buffer) => parts.push(part));
  }
  return new Promise((resolve) => {
    const end = (ok: boolean, why: string): void => {
      const intro = about === undefined ? "" : `${about}\n\n`;
      process.stdout.write(`\n── ${name}\n${intro}`);
      process.stdout.write(Buffer.concat(parts));
      process.stdout.write(why);
      resolve({ name, ok, seconds: (performance.now() - start) / 1000 });
    };
    child.on("error", ({ message }) => end(false, `${message}\n`));
    child.on("close", (code) => end(code === 0, ""));
  });
}

export function summary(results: readonly CommandResult[]): string {
  return results
    .map(({ name, ok, seconds }) => `${ok ? "✔" : "✖"} ${name}  ${seconds.toFixed(0)} s`)
    .join("\n");
}

/** Runs commands, sums them up, and fails where any of them has. */
export function runAll(commands: readonly CheckCommand[]): void {
  const results = runCommands(commands);
  process.stdout.write(`\n${summary(results)}\n`);
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
}

/** Files below `folders` whose names end in one of `endings`. */
export function filesBelow(folders: readonly string[], endings: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => endings.some((ending) => name.endsWith(ending)))
      .map((name) => join(folder, name)),
  );
}
