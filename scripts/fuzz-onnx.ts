/**
 * Gives the importer of ONNX many files with bytes exchanged, and says how it answered:
 *
 *     npm run fuzz:onnx -- [COUNT, 100000] [SEED, 1]
 *
 * What no `InceptError` answers is printed with its seed, and the exit code is 1.
 */
import { fuzz } from "../test/import/onnx/fuzz.js";

const [count = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const { counts, failures } = await fuzz(count, seed);
for (const [outcome, times] of [...counts].sort(([, a], [, b]) => b - a)) {
  console.log(`${outcome.split("\n", 1)[0]!.padEnd(20)} ${times}`);
}
for (const failure of failures) console.error(failure);
if (failures.length > 0) process.exitCode = 1;
