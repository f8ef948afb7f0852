/**
 * Gives the readers of checkpoints many files with bytes exchanged, and says how they answered:
 *
 *     npm run fuzz:checkpoints -- [COUNT of each format, 100000] [SEED, 1]
 *
 * What no `InceptError` answers is printed with its seed, and the exit code is 1.
 */
import { formats, fuzz } from "../test/checkpoints/fuzz.js";

const [count = 100_000, seed = 1] = process.argv.slice(2).map(Number);
for (const format of formats) {
  const { counts, failures } = await fuzz(format, count, seed);
  console.log(`${format.name}: ${count} files`);
  for (const [outcome, times] of [...counts].sort(([, a], [, b]) => b - a)) {
    console.log(`  ${outcome.split("\n", 1)[0]!.padEnd(20)} ${times}`);
  }
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
}
