/**
 * Every folder below test/fixtures/AREA holds a spec with something wrong in it, `input.incept`,
 * and the whole text that a person reads about it, `expected.txt`. `options.json` has what is set
 * from outside, and how many times over the input is read where it would be too large to keep.
 * `--update` writes what is missing or differs; read it before committing.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { catalogue } from "../src/diagnostics/catalogue.js";
import type { Diagnostic, Source } from "../src/diagnostics/diagnostic.js";
import { renderDiagnostics } from "../src/diagnostics/render.js";
import { checkSpec } from "../src/model/check.js";
import { readerOf, readSource } from "../src/model/sources/files.js";
import type { Read } from "../src/model/sources/read.js";

const root = join(import.meta.dirname, "fixtures");
const folders = readdirSync(root).flatMap((area) =>
  readdirSync(join(root, area)).map((name) => `${area}/${name}`),
);

interface Options {
  readonly model?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly times?: number;
}

function check(folder: string): readonly Diagnostic[] {
  const at = join(root, folder);
  const source = readSource(join(at, "input.incept"));
  const onDisk = readerOf(source);
  // Paths as from inside the folder, so that the expected text is the same on every machine.
  const inside = (found: Source): Source => ({ ...found, path: relative(at, found.file ?? "") });
  const read: Read = (path, asked) => {
    const found = onDisk(path, asked);
    if (found === undefined || !("unread" in found)) return found && inside(found);
    return found.unread === "outside" ? { ...found, roots: ["/project"] } : found;
  };
  const options = join(at, "options.json");
  const given = existsSync(options) ? (JSON.parse(readFileSync(options, "utf8")) as Options) : {};
  const text = source.text.repeat(given.times ?? 1);
  return checkSpec({ ...inside(source), text }, { read, ...given }).diagnostics;
}

const results = new Map(folders.map((folder) => [folder, check(folder)]));

test.each(folders)("%s reads as expected.txt", async (folder) => {
  const text = `${renderDiagnostics(results.get(folder) ?? [])}\n`;
  await expect(text).toMatchFileSnapshot(join(root, folder, "expected.txt"));
});

describe("every code of the catalogue", () => {
  const seen = new Set([...results.values()].flat().map(({ code }) => code));
  const page = readFileSync(join(import.meta.dirname, "../docs/diagnostics.md"), "utf8");

  test.each(Object.entries(catalogue))(
    "%s has a fixture, a cause, a mend, an anchor",
    (code, { doc }) => {
      expect(seen).toContain(code);
      expect(doc.cause).toMatch(/\.$/);
      expect(doc.mend).toMatch(/\.$/);
      expect(page).toContain(`<a id="${code}"></a>`);
    },
  );
});
