import { readFileSync } from "node:fs";

/**
 * Bytes of memory that this process has had at its worst moment.
 *
 * Linux counts them for each program that a process runs. What `getrusage` tells, there, is never
 * less than what the process had that started this one: a small program of a big one looks as big.
 */
export function peakMemory(): number {
  return highWater() ?? process.resourceUsage().maxRSS * 1024;
}

function highWater(): number | undefined {
  if (process.platform !== "linux") return undefined;
  const line = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync("/proc/self/status", "utf8"));
  return line ? Number(line[1]) * 1024 : undefined;
}
