/**
 * A process that the bench measures: it loads one network in one engine and does what it is asked
 * (protocol.ts). While it is asked nothing it waits for input, and takes no processor.
 */
import { createInterface } from "node:readline";
import { readFileSync, writeFileSync } from "node:fs";
import type { InceptError } from "../diagnostics/incept-error.js";
import type { Engine, Tensors } from "./engines/engine.js";
import { peakMemory } from "./peak-memory.js";
import type { Answers, Failed, Files, Request, Setup } from "./protocol.js";

const before = process.memoryUsage.rss();

/** Each loaded by itself: what one engine takes is not to be the other's memory. */
async function opened(setup: Setup): Promise<Engine> {
  if (setup.engine === "onnxruntime") {
    return (await import("./engines/onnxruntime.js")).openOnnxRuntime(setup);
  }
  return (await import("./engines/inceptc.js")).openInceptc(setup);
}

async function answered(engine: Engine, request: Request): Promise<Answers[Request["ask"]]> {
  switch (request.ask) {
    case "give":
      engine.give(read(request.inputs), request.batch);
      return {};
    case "answer":
      write(request.outputs, await engine.run());
      return {};
    case "time":
      return { milliseconds: await times(engine, request.runs) };
    case "laps":
      return { nanoseconds: await laps(engine, request.runs, request.sections) };
    case "memory":
      return { before, peak: peakMemory() };
  }
}

async function times(engine: Engine, runs: number): Promise<number[]> {
  await engine.run();
  const milliseconds: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await engine.run();
    milliseconds.push(performance.now() - start);
  }
  return milliseconds;
}

async function laps(engine: Engine, runs: number, sections: number): Promise<number[][]> {
  const each = async (): Promise<number[]> => {
    await engine.run();
    return [...(engine.laps?.(sections) ?? [])];
  };
  await each();
  const all: number[][] = [];
  for (let i = 0; i < runs; i++) all.push(await each());
  return all;
}

/** A copy of its own, which begins where a float may. */
const read = (files: Files): Tensors =>
  Object.fromEntries(
    Object.entries(files).map(([name, file]) => {
      return [name, new Float32Array(Uint8Array.from(readFileSync(file)).buffer)];
    }),
  );

function write(files: Files, results: Tensors): void {
  for (const [name, file] of Object.entries(files)) {
    const { buffer, byteOffset, byteLength } = results[name] ?? new Float32Array();
    writeFileSync(file, new Uint8Array(buffer, byteOffset, byteLength));
  }
}

function failed(error: unknown): Failed {
  const { code, message, help } = error as Partial<InceptError>;
  return {
    error: {
      ...(typeof code === "string" ? { code } : {}),
      message: message ?? String(error),
      ...(help === undefined ? {} : { help }),
    },
  };
}

const tell = (answer: object): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);

try {
  const setup = JSON.parse(process.argv.at(-1)!) as Setup;
  const engine = await opened(setup);
  tell({ engine: setup.engine, version: engine.version } satisfies Answers["start"]);
  for await (const line of createInterface(process.stdin)) {
    tell(await answered(engine, JSON.parse(line) as Request).catch(failed));
  }
} catch (error) {
  tell(failed(error));
}
process.exit();
