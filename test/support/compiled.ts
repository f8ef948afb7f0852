import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModel } from "../../src/runtime/load.js";
import type { LoadOptions } from "../../src/runtime/options.js";

export type Compiled = Record<string, Float32Array>;

/** A spec's text in a folder of its own, compiled there; `run` loads, runs and disposes. */
export class Workshop implements Disposable {
  private readonly folder = mkdtempSync(join(tmpdir(), "incept-judge-"));
  private readonly spec = join(this.folder, "network.incept");

  constructor(text: string) {
    writeFileSync(this.spec, text);
  }

  /** Builds the variant that `options` describe, and runs it once; outputs by name. */
  async run(
    input: Record<string, Float32Array>,
    { weights, threads, ...options }: LoadOptions,
  ): Promise<Compiled> {
    const net = await loadModel(this.spec, options);
    const model = await net.load(threads === undefined ? { weights } : { weights, threads });
    try {
      return await model.run(input);
    } finally {
      await model.dispose();
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
