/** What people have published is not told to be a mistake, but for what its own page says of it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkSpec } from "../../src/model/check.js";
import { readerOf, readSource } from "../../src/model/sources/files.js";

const specs = ["examples", "codegen-templates"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(
      (file) => file.endsWith(".incept") && !/(^|[\\/])(node_modules|\.incept)([\\/]|$)/.test(file),
    )
    .map((file) => join(folder, file)),
);

test("there are the papers' networks among the specs", () => {
  const names = ["googlenet", "inception-v3", "inception-v4", "inception-resnet-v2", "xception"];
  for (const name of names) {
    expect(specs.some((file) => file.endsWith(`${name}.incept`))).toBe(true);
  }
});

test.each(specs)("%s has no findings", (file) => {
  const source = readSource(file);
  const { diagnostics } = checkSpec(source, { read: readerOf(source) });
  const codes = new Set(diagnostics.map(({ code }) => code));
  // The review's network is given exactly as its code has it: nothing non-linear in it.
  expect([...codes]).toEqual(
    file.endsWith("simple-inception.incept") ? ["style/linear-chain"] : [],
  );
});
