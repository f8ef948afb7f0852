/** A network that trains in an instant, with pictures, for tests of `inceptc train`. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Random } from "./random.js";

const spec = `model Tiny {
  input image: f32[3, 32, 32] from image()
  stem: conv(3x3/8, 4, pad: same, norm: batchnorm, act: relu)
  output prob: globalavgpool -> dropout(0.1) -> linear(10) -> softmax
  train {
    optimizer: adam(lr: 0.01)
    batch: 8  epochs: 4
    augment: [crop(32, pad: 2), flip]
    average: 0.9
  }
}
`;

/** Writes tiny.incept, and as many pictures in train.bin and test.bin, as CIFAR-10 has them. */
export function writeTraining(folder: string): void {
  writeFileSync(join(folder, "tiny.incept"), spec);
  writeFileSync(join(folder, "train.bin"), pictures(40, 1));
  writeFileSync(join(folder, "test.bin"), pictures(20, 2));
}

const pixels = 3 * 32 * 32;

/** Noise, brighter from class to class: something to learn. */
export function pictures(count: number, seed: number): Buffer {
  const random = new Random(seed);
  const rows = Array.from({ length: count }, (_, i) => {
    const label = i % 10;
    return [label, ...Array.from({ length: pixels }, () => random.integer(0, 63) + 19 * label)];
  });
  return Buffer.from(rows.flat());
}

export const trainTiny = ["train", "tiny.incept", "--data", "train.bin", "--validate", "test.bin"];

export interface Ended {
  readonly status: number | null;
  readonly killed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the bundled command line beside the test.
 *
 * @param heard given all of stdout so far, what sends the process a signal, and what stops listening to it
 */
export function trainBeside(
  folder: string,
  args: readonly string[],
  heard: (
    stdout: string,
    signal: (name: NodeJS.Signals) => void,
    close: (stream: "stdout" | "stderr") => void,
  ) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [resolve("dist/cli.js"), ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1" },
  });
  const said = { stdout: "", stderr: "" };
  const signal = (name: NodeJS.Signals): void => void child.kill(name);
  const close = (stream: "stdout" | "stderr"): void => void child[stream].destroy();
  heard("", signal, close);
  child.stdout.on("data", (part: Buffer) => {
    said.stdout += part.toString();
    heard(said.stdout, signal, close);
  });
  child.stderr.on("data", (part: Buffer) => (said.stderr += part.toString()));
  return new Promise((ended, failed) => {
    child.on("error", failed);
    child.on("close", (status, name) => ended({ status, killed: name === "SIGKILL", ...said }));
  });
}

/** What a run came to, but for how long it took. */
export function resultOf(run: string): Readonly<Record<string, string>> {
  const bytes = (name: string): string => readFileSync(join(run, name)).toString("base64");
  const curves = readFileSync(join(run, "curves.csv"), "utf8");
  return {
    last: bytes("last.checkpoint"),
    best: bytes("best.checkpoint"),
    weights: bytes("weights.safetensors"),
    curves: curves.replaceAll(/,[^,\n]*$/gm, ""),
  };
}
