import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { resumeCommand } from "../../../src/cli/train/command.js";

/** A command, and what a shell makes of it. */
const words = (command: string): string[] =>
  execFileSync("sh", ["-c", `for word in ${command}; do printf '%s\\n' "$word"; done`], {
    encoding: "utf8",
  })
    .trimEnd()
    .split("\n");

test.each([
  [["train", "x.incept", "--data", "d"], "inceptc train --resume x.incept --data d"],
  [["train", "x.incept", "--resume", "-o", "a b"], "inceptc train --resume x.incept -o 'a b'"],
  [
    ["train", "x.incept", "--freeze=stem.*", "--data=/my pics"],
    "inceptc train --resume x.incept '--freeze=stem.*' '--data=/my pics'",
  ],
  [
    ["train", "--lr=0.1", "x.incept", "-o", "it's"],
    "inceptc train --resume --lr=0.1 x.incept -o 'it'\\''s'",
  ],
  [["train", "-o/a b", "x.incept"], "inceptc train --resume '-o/a b' x.incept"],
  [["train", "--", "x.incept"], "inceptc train --resume -- x.incept"],
  [["train", "--resume", "--", "--resume"], "inceptc train --resume -- --resume"],
])("%j goes on by %s", (argv, expected) => {
  expect(resumeCommand(argv)).toBe(expected);
  const rest = argv.slice(1);
  const given = rest.indexOf("--resume");
  const flags = given !== -1 && (rest.indexOf("--") === -1 || given < rest.indexOf("--"));
  if (flags) rest.splice(given, 1);
  expect(words(expected)).toEqual(["inceptc", "train", "--resume", ...rest]);
});
