/** A process that is measured, as the bench sees it. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isInceptErrorCode } from "../diagnostics/error-codes.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { visible } from "../diagnostics/visible.js";
import type { Answers, Failed, Request, Setup, Started } from "./protocol.js";

/** How a contestant is started: a program that speaks protocol.ts. */
export interface Command {
  /** For people. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

/** A process of ours with a network in an engine. */
export const ownCommand = (name: string, setup: Setup): Command => ({
  name,
  program: process.execPath,
  args: [...worker(), JSON.stringify(setup)],
});

/** The file beside this one: in the sources, or bundled. */
function worker(): readonly string[] {
  const self = fileURLToPath(import.meta.url);
  if (!self.endsWith(".ts")) return [join(dirname(self), "bench-worker.js")];
  const tsx = createRequire(self).resolve("tsx");
  return ["--import", pathToFileURL(tsx).href, join(dirname(self), "worker.ts")];
}

export class Contestant {
  readonly name: string;
  /** Of its engine; for people. */
  readonly version: string;
  readonly #child: Child;
  readonly #answers: Answerer;

  private constructor(name: string, { version }: Started, child: Child, answers: Answerer) {
    this.name = name;
    this.version = version;
    this.#child = child;
    this.#answers = answers;
  }

  /** @throws InceptError `bench/failed`, or what its engine says */
  static async start({ name, program, args }: Command): Promise<Contestant> {
    const child = spawn(program, [...args], {
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const answers = new Answerer(name, child);
    return new Contestant(name, (await answers.next()) as Started, child, answers);
  }

  /** One at a time. */
  async ask<R extends Request>(request: R): Promise<Answers[R["ask"]]> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return (await this.#answers.next()) as Answers[R["ask"]];
  }

  /** Resolves when the process is gone. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.stdin.end();
    await gone;
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Lines of a process, and what becomes of one that ends instead. */
class Answerer {
  readonly #name: string;
  readonly #lines: AsyncIterator<string>;
  readonly #ending: Promise<string>;
  #said = "";

  constructor(name: string, child: Child) {
    this.#name = name;
    const reader: Interface = createInterface(child.stdout);
    this.#lines = reader[Symbol.asyncIterator]();
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-4000);
    });
    // A process that is gone is told of by its end.
    child.stdin.on("error", () => undefined);
    this.#ending = new Promise((resolve) => {
      child.on("error", ({ message }) => resolve(`could not be started: ${message}`));
      child.on("close", (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`));
    });
  }

  async next(): Promise<object> {
    const line = await this.#lines.next();
    if (line.done === true) throw await this.#gone();
    const answer = JSON.parse(line.value) as object;
    if ("error" in answer) throw this.#failure(answer as Failed);
    return answer;
  }

  #failure({ error: { code, message, help } }: Failed): InceptError {
    const more = help === undefined ? {} : { help };
    if (isInceptErrorCode(code)) return new InceptError(code, message, more);
    return new InceptError("bench/failed", `${this.#name} failed: ${visible(message)}`, more);
  }

  async #gone(): Promise<InceptError> {
    const how = await this.#ending;
    const last = this.#said.trim().split("\n").at(-1) ?? "";
    return new InceptError("bench/failed", `The process of ${this.#name} ${how}.`, {
      ...(last === "" ? {} : { help: `the last that it said: ${visible(last)}` }),
    });
  }
}
