import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { wantsColour } from "../../src/cli/terminal.js";
import { inceptc, temporaryFolder } from "../support/cli.js";

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { TERM: "dumb" }, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "0" }, false],
  [true, { NO_COLOR: "" }, true],
  [false, { FORCE_COLOR: "1" }, true],
  [false, { FORCE_COLOR: "true", TERM: "dumb" }, true],
  [false, { FORCE_COLOR: "" }, false],
  [true, { FORCE_COLOR: "" }, true],
  [true, { FORCE_COLOR: "0" }, false],
  [true, { FORCE_COLOR: "false" }, false],
  [false, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  [false, { FORCE_COLOR: "1", NO_COLOR: "" }, true],
])("a terminal: %s, with %j: %s", (isTTY, env, expected) => {
  expect(wantsColour({ isTTY }, env)).toBe(expected);
});

test("findings have colours where they are forced, and the same text where they are not", () => {
  const file = join(temporaryFolder(), "net.incept");
  writeFileSync(file, "model Net {\n");
  const stderr = (env: NodeJS.ProcessEnv): string => inceptc(["check", file], { env }).stderr;
  const plain = stderr({ NO_COLOR: "", FORCE_COLOR: "" });
  expect(plain).not.toContain("\x1b[");
  const coloured = stderr({ NO_COLOR: "", FORCE_COLOR: "1" });
  expect(coloured).toContain("\x1b[31m");
  expect(coloured.replaceAll(new RegExp("\\u001b\\[\\d+m", "g"), "")).toBe(plain);
});
