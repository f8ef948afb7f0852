import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generatedFiles } from "../../grammar/generated.js";

const files = await generatedFiles();

test.each(Object.keys(files))("grammar/%s is as the grammar has it (npm run generate)", (name) => {
  expect(readFileSync(`grammar/${name}`, "utf8")).toBe(files[name]);
});

test("the syntax diagrams load nothing from the network", () => {
  expect(files["syntax.html"]).not.toMatch(/(?:src|href)\s*=\s*["']/);
});
