import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { peakMemory } from "../../src/bench/peak-memory.js";

const mebibyte = 1024 ** 2;

test("a process's memory is its own, whatever the one had that started it", async () => {
  const held = Buffer.alloc(400 * mebibyte, 1);
  const room = pathToFileURL(resolve("src/bench/peak-memory.ts")).href;
  const script = `import(${JSON.stringify(room)}).then((room) => console.log(room.peakMemory()))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "-e", script]);

  const peak = Number(stdout);
  expect(peak).toBeGreaterThan(20 * mebibyte);
  expect(peak).toBeLessThan(held.length * 0.75);
  expect(peakMemory()).toBeGreaterThan(held.length);
});
