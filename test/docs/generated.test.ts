import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogue } from "../../src/diagnostics/catalogue.js";
import { cudaPage } from "../../docs/generate-cuda.js";
import { diagnosticsPage } from "../../docs/generate-diagnostics.js";
import { foreignPage } from "../../docs/generate-foreign.js";
import { languagePage } from "../../docs/generate-operators.js";
import { activationFiles } from "../../scripts/generate-activations.js";

test("docs/language.md holds the operators as they are (npm run generate)", async () => {
  expect(readFileSync("docs/language.md", "utf8")).toBe(await languagePage());
});

test.each([...activationFiles()])(
  "native/%s holds the activations as they are (npm run generate)",
  (path, text) => {
    expect(readFileSync(`native/${path}`, "utf8")).toBe(text);
  },
);

test("docs/diagnostics.md holds the catalogue as it is (npm run generate)", async () => {
  expect(readFileSync("docs/diagnostics.md", "utf8")).toBe(await diagnosticsPage());
});

test("every lesson belongs to a finding", () => {
  const lessons = readdirSync("docs/lessons", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.replaceAll("\\", "/").replace(/\.md$/, ""));
  expect(lessons).toContain("style/naive-branch");
  expect(Object.keys(catalogue)).toEqual(expect.arrayContaining(lessons));
});

test("docs/other-frameworks.md holds the table as it is (npm run generate)", async () => {
  expect(readFileSync("docs/other-frameworks.md", "utf8")).toBe(await foreignPage());
});

test("docs/cuda.md shows the module as it is compiled (npm run generate)", async () => {
  expect(readFileSync("docs/cuda.md", "utf8")).toBe(await cudaPage());
});
