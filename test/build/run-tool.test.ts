import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runTool } from "../../src/build/make/run-tool.js";
import { Folder } from "./folder.js";

it.runIf(process.platform !== "win32").each([
  ["exit 0", true],
  ["exit 1", false],
  ["kill -KILL $$", false],
])("tells of a tool that ends with %s, its rows kept in the log", async (end, succeeds) => {
  using folder = new Folder();
  const lines: string[] = [];
  const ran = await runTool({
    program: "/bin/sh",
    args: ["-c", `echo "$TMPDIR"; echo error >&2; ${end}`],
    directory: folder.path,
    log: folder.file("log"),
    onLine: (line) => lines.push(line),
  });
  expect(ran).toBe(succeeds);
  // Temporary files of a killed compiler go with the folder.
  expect(lines.sort()).toEqual([folder.path, "error"].sort());
  expect(readFileSync(folder.file("log"), "utf8").trim().split("\n").sort()).toEqual(lines);
});
