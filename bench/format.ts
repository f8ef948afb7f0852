/**
 * `npm run bench:format`: what formatting GoogLeNet takes inside a process, of the processor's time,
 * without loading the program: the first time, and again as in an editor. The fastest of many, since
 * whatever else a machine does makes it slower and nothing makes it faster.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { formatSource } from "../src/syntax/print/format.js";

const path = "examples/googlenet/googlenet.incept";
const processes = 15;
const repeats = 100;

function milliseconds(): number {
  const source = { path, text: readFileSync(path, "utf8") };
  const before = process.cpuUsage();
  const { text } = formatSource(source);
  const { user, system } = process.cpuUsage(before);
  if (text === undefined) throw new Error(`${path} is no spec.`);
  return (user + system) / 1000;
}

function timesHere(): readonly [first: number, again: number] {
  const first = milliseconds();
  return [first, Math.min(...Array.from({ length: repeats }, milliseconds))];
}

if (process.argv.includes("--here")) process.stdout.write(JSON.stringify(timesHere()));
else {
  const command = ["--import", "tsx", fileURLToPath(import.meta.url), "--here"];
  const times = Array.from(
    { length: processes },
    () =>
      JSON.parse(execFileSync(process.execPath, command, { encoding: "utf8" })) as [number, number],
  );
  const fastest = (i: 0 | 1) => Math.min(...times.map((each) => each[i])).toFixed(1);
  console.log(`${path}: ${fastest(0)} ms the first time, ${fastest(1)} ms again`);
}
