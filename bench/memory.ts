import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Bytes of resident memory at the worst moment: what the engine added to Node, and all of it. */
export interface Memory {
  readonly added: number;
  readonly total: number;
}

export interface MemoryMatch {
  readonly inceptc: Memory;
  readonly onnxruntime: Memory;
}

const script = join(dirname(fileURLToPath(import.meta.url)), "resident.ts");

/** Loads and runs one network in a process of its own, once for each engine. */
export function measureMemory(artefact: string, onnx: Uint8Array, threads: number): MemoryMatch {
  const folder = mkdtempSync(join(tmpdir(), "incept-bench-"));
  try {
    const model = join(folder, "model.onnx");
    writeFileSync(model, onnx);
    return {
      inceptc: resident("inceptc", artefact, threads),
      onnxruntime: resident("onnxruntime", model, threads),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function resident(engine: string, file: string, threads: number): Memory {
  const args = ["--import", "tsx", script, engine, file, `${threads}`];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Memory;
}
