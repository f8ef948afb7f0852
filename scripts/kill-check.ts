/**
 * `npm run kill-check -- --kills 50`: kills a training at random moments, resumes it each time, and
 * holds what it comes to against a training that nobody killed.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Command } from "commander";
import { setup } from "../test/support/bundle.js";
import { Random } from "../test/support/random.js";
import { resultOf, trainBeside, trainTiny, writeTraining } from "../test/support/training-run.js";

const { kills, seed, epochs } = new Command("npm run kill-check --")
  .description("kills a training at random moments, and resumes it")
  .option("--kills <n>", "how many times", Number, 50)
  .option("--seed <n>", "of the moments", Number, 1)
  .option("--epochs <n>", "of the training", Number, 500)
  .parse()
  .opts<{ kills: number; seed: number; epochs: number }>();

setup();
const folder = mkdtempSync(join(tmpdir(), "incept-kills-"));
const args = (run: string): string[] => [
  ...trainTiny,
  ...["-o", run, "--epochs", String(epochs), "--every-steps", "3"],
];
try {
  writeTraining(folder);
  const start = performance.now();
  const whole = await trainBeside(folder, args("whole"));
  if (whole.status !== 0) throw new Error(whole.stderr);
  process.stdout.write(`unharmed: ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  const random = new Random(seed);
  let killed = 0;
  let resumed = 0;
  for (; killed < kills;) {
    const resume = existsSync(join(folder, "killed", "run.json")) ? ["--resume"] : [];
    // From its first millisecond to some epochs on.
    const moment = random.next() * 2500;
    const ran = await trainBeside(folder, [...args("killed"), ...resume], (stdout, signal) => {
      if (stdout === "") setTimeout(() => signal("SIGKILL"), moment);
    });
    if (!ran.killed && ran.status !== 0) throw new Error(ran.stderr);
    if (!ran.killed) break;
    killed++;
    resumed += resume.length;
  }
  const last = await trainBeside(folder, [...args("killed"), "--resume"]);
  if (last.status !== 0) throw new Error(last.stderr);
  const same = isDeepStrictEqual(resultOf(join(folder, "killed")), resultOf(join(folder, "whole")));
  process.stdout.write(`${killed} kills, ${resumed} of them of a resumed run: `);
  process.stdout.write(same ? "the same to the bit\n" : "another result\n");
  process.exitCode = same && killed === kills ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
