import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { typesAreStale } from "../../src/build/deliver/types.js";
import { declarationFile } from "../../src/emit/types.js";
import { readSource } from "../../src/model/sources/files.js";
import { networkOf } from "../support/network.js";

const specs = readdirSync("examples")
  .map((name) => `examples/${name}/${name}.incept`)
  .filter((file) => existsSync(file));

test.each(specs)("the types beside %s are committed, and up to date", (spec) => {
  expect(existsSync(declarationFile(spec))).toBe(true);
  expect(typesAreStale(spec, networkOf(readSource(spec)))).toBe(false);
});
