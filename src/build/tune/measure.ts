/** Compiles the ways that are to be timed, once, and times them in a process of its own. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { isInceptErrorCode } from "../../diagnostics/error-codes.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { type EmittedCandidate, tuningFiles } from "../../emit/tuning-files.js";
import type { Network } from "../../model/network.js";
import { openWorkshop } from "../cache/workshop.js";
import { findToolchain } from "../choose/toolchain.js";
import { whileWriting, writeFiles } from "../disk/files.js";
import { temporaryFolder } from "../disk/temporary.js";
import { runCmakeJs } from "../make/cmake-js.js";
import { failure } from "../make/failure.js";
import { followBuild } from "../make/follow-build.js";
import { startGuarded } from "../make/guarded.js";
import { nativeFiles } from "../project/native-files.js";

/** How they are timed. */
export interface Timing {
  /** 0: one a physical core. */
  readonly threads: number;
  /** How often each is timed; the least counts. */
  readonly rounds: number;
  /** Bytes that the network reads between two runs of one layer. */
  readonly bytes: number;
}

export interface Timed {
  /** Those that there were. */
  readonly threads: number;
  /** Nanoseconds of one run by all of them, in the order of the candidates. */
  readonly nanoseconds: readonly number[];
}

/** `compile` comes once a file, `measure` once a round. */
export interface TuneEvent {
  readonly phase: "compile" | "measure";
  readonly done: number;
  readonly total: number;
}

/**
 * @throws InceptError of `toolchain/`, `file/`, `threads/`, `memory/` or `bug/`; after a failure to
 *   compile the log stays where the error says
 */
export async function measure(
  network: Network,
  candidates: readonly EmittedCandidate[],
  timing: Timing,
  report: (event: TuneEvent) => void,
): Promise<Timed> {
  const workshop = await whileWriting(temporaryFolder(), openWorkshop);
  try {
    const program = await compile(network, candidates, workshop.directory, report);
    const timed = await timesOf(program, candidates.length, timing, report);
    rmSync(workshop.directory, { recursive: true, force: true });
    return timed;
  } finally {
    workshop.leave();
  }
}

async function compile(
  network: Network,
  candidates: readonly EmittedCandidate[],
  directory: string,
  report: (event: TuneEvent) => void,
): Promise<string> {
  const toolchain = findToolchain("cmake-js");
  const emitted = tuningFiles(network, candidates);
  const all = new Map([...emitted, ...nativeFiles("tuning", "cpu")]);
  await whileWriting(directory, () => writeFiles(directory, all));
  const log = join(directory, "build.log");
  const files = [...emitted.keys()].filter((name) => name.endsWith(".cpp")).length + 2;
  const onLine = followBuild(files, ({ phase, done, total }) => {
    if (phase === "compile") report({ phase, done: done!, total: total! });
  });
  const made = await runCmakeJs({ directory, toolchain, log, onLine });
  if (!made) throw failure(network.name, log);
  return join(directory, "made", "network");
}

/**
 * Runs native/tuning/main.cpp, compiled, and reads what it prints.
 *
 * @throws InceptError what it reports, or `bug/native-code`
 */
export async function timesOf(
  program: string,
  count: number,
  { threads, rounds, bytes }: Timing,
  report: (event: TuneEvent) => void,
): Promise<Timed> {
  const child = startGuarded(program, [threads, rounds, bytes].map(String));
  const errors = text(child.stderr);
  const times = new Map<number, number>();
  let used = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, first, second] = line.split(" ");
    if (word === "threads") used = Number(first);
    else if (word === "round") report({ phase: "measure", done: Number(first), total: rounds });
    else if (word === "time") times.set(Number(first), Number(second));
  }
  const ending = await child.ending;
  if (ending.signal === undefined && ending.code === 0 && times.size === count) {
    const nanoseconds = Array.from({ length: count }, (_, index) => times.get(index)!);
    return { threads: used, nanoseconds };
  }
  const [, code, message] = /^([a-z]+\/[a-z-]+): (.*)$/m.exec(await errors) ?? [];
  if (isInceptErrorCode(code)) throw new InceptError(code, `Nothing was measured: ${message}.`);
  const how = ending.signal === undefined ? `exit code ${ending.code}` : `signal ${ending.signal}`;
  throw new InceptError("bug/native-code", `Measuring kernels ended with ${how}.`, {
    help: "this is a bug in inceptc; please report it with the spec and the command",
  });
}
