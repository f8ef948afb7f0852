/** Specs by way of Prettier: as `inceptc fmt` has them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { check, format, type Options } from "prettier";
import { expect, test } from "vitest";
import * as plugin from "../src/prettier.js";
import { format as formatted } from "../src/syntax/print/format.js";
import { wholeBundle } from "./support/bundle.js";
import { temporaryFolder } from "./support/cli.js";
import { randomNetwork } from "./support/networks.js";
import { Random } from "./support/random.js";
import { scrambled } from "./support/scrambled.js";
import { specFiles } from "./support/spec-files.js";

const options: Options = { parser: "incept", plugins: [plugin] };
const chain = `module A { ${"relu -> ".repeat(10)}relu }\n`;

test("is the same printer", async () => {
  for (const path of specFiles("examples")) {
    const text = readFileSync(path, "utf8");
    expect(await check(text, { ...options, parser: "", filepath: path }), path).toBe(true);
  }
  for (let seed = 0; seed < 100; seed++) {
    const text = scrambled(randomNetwork(seed), new Random(seed), 0.05);
    expect(await format(text, options)).toBe(formatted(text));
  }
});

test("rows are as wide as Prettier is told, else as specs are", async () => {
  expect(await format(chain, options)).toBe(formatted(chain));
  const narrow = await format(chain, { ...options, printWidth: 60 });
  expect(narrow).toBe(formatted(chain, 60));
  expect(narrow.split("\n")).toHaveLength(5);
});

test("rows end as Prettier is told", async () => {
  const text = "module A {\r\n  relu // a\r\n}\r\n";
  const lines = ["module A {", "  relu   // a", "}", ""];
  expect(await format(text, options)).toBe(lines.join("\n"));
  expect(await format(text, { ...options, endOfLine: "crlf" })).toBe(lines.join("\r\n"));
});

test("what is no spec is an error with its place", async () => {
  const promise = format("module A {\n  relu relu\n}\n", options);
  await expect(promise).rejects.toMatchObject({
    name: "SyntaxError",
    message: expect.stringMatching(/syntax\/missing-arrow[^]*> 2 \|/) as string,
    loc: { start: { line: 2, column: 8 } },
  });
});

test("specs within Markdown are laid out, too", async () => {
  const text = "Text\n\n```incept\nmodule A{relu}\n```\n\n```incept\nmodule\n```\n";
  expect(await format(text, { ...options, parser: "markdown" })).toBe(
    text.replace("A{relu}", "A { relu }"),
  );
});

test("by its name, from the package", { timeout: 300_000 }, () => {
  wholeBundle();
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules"));
  for (const [name, path] of [
    ["inceptc", "."],
    ["prettier", "node_modules/prettier"],
  ] as const) {
    symlinkSync(resolve(path), join(folder, "node_modules", name));
  }
  writeFileSync(join(folder, ".prettierrc"), '{ "plugins": ["inceptc/prettier"] }\n');
  writeFileSync(join(folder, "a.incept"), chain);
  writeFileSync(join(folder, "b.incept"), "module A{relu}\n");
  const prettier = (...args: string[]) =>
    spawnSync(process.execPath, ["node_modules/prettier/bin/prettier.cjs", ...args, "."], {
      cwd: folder,
      encoding: "utf8",
      // Prettier colours its warnings where it sees a CI.
      env: { ...process.env, NO_COLOR: "1" },
    });
  const { status, stderr } = prettier("--check");
  expect(stderr).toContain("[warn] b.incept");
  expect(stderr).not.toContain("a.incept");
  expect(status).toBe(1);
  expect(prettier("--write").status).toBe(0);
  expect(readFileSync(join(folder, "b.incept"), "utf8")).toBe("module A { relu }\n");
  expect(prettier("--check").status).toBe(0);
});
