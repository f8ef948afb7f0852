/** README's first screen is what somebody with the package alone gets. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inceptc, temporaryFolder } from "../support/cli.js";

const page = readFileSync("README.md", "utf8");
const template = (name: string): string => readFileSync(`codegen-templates/init/${name}`, "utf8");

/** The first block of this kind. */
const block = (kind: string): string =>
  new RegExp(`\`\`\`${kind}\n([^]*?)\`\`\``).exec(page)?.[1] ?? `no ${kind}`;

test("its module is the one that init writes", () => {
  expect(template("tiny.incept")).toContain(block("incept"));
});

test("its program is the one that init writes, comments and output aside", () => {
  const rows = block("ts").trimEnd().split("\n");
  expect(rows.length).toBeGreaterThan(3);
  expect(template("main.ts").split("\n")).toEqual(expect.arrayContaining(rows));
});

test("its finding is what check says of that network with the padding left out", () => {
  const folder = temporaryFolder();
  const wrong = template("tiny.incept").replace(", pad: same", "");
  writeFileSync(join(folder, "tiny.incept"), wrong);
  const { status, stderr } = inceptc(["check", "tiny.incept"], { cwd: folder });
  expect(status).toBe(1);
  const [, shown] = /\$ npx inceptc check tiny\.incept\n([^]*?)```/.exec(page) ?? [];
  expect(stderr).toContain(shown);
});
