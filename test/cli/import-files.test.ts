import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { placesOf, writeFiles } from "../../src/cli/import/files.js";
import { check } from "../support/check.js";

const text = "model M { input x: f32[4] output y: relu }\n";
const written = { text, network: check(text).network!, weights: [] };

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), "incept-import-files-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

test("both files get their names, and nothing else stays", async () => {
  const at = folder();
  await writeFiles(placesOf(join(at, "m.incept")), written, false);
  expect(readdirSync(at).sort()).toEqual(["m.incept", "m.safetensors"]);
  expect(readFileSync(join(at, "m.incept"), "utf8")).toBe(text);
});

test.each(["m.incept", "m.safetensors"])("a %s that came meanwhile stays", async (name) => {
  const at = folder();
  writeFileSync(join(at, name), "somebody's");
  const places = placesOf(join(at, "m.incept"));
  await expect(writeFiles(places, written, false)).rejects.toMatchObject({ code: "import/output" });
  expect(readdirSync(at)).toEqual([name]);
  expect(readFileSync(join(at, name), "utf8")).toBe("somebody's");
  await writeFiles(places, written, true);
  expect(readFileSync(join(at, "m.incept"), "utf8")).toBe(text);
});
