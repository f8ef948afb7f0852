import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readLabels } from "../../src/runtime/labels.js";
import { oddFiles } from "../files/odd.js";

const folder = mkdtempSync(join(tmpdir(), "incept-labels-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "labels.txt");

describe("labels", () => {
  it("are a file's rows, by path or URL, or the names themselves", async () => {
    writeFileSync(file, "n02123045 tabby\ndog\n");
    expect(await readLabels(file)).toEqual(["tabby", "dog"]);
    expect(await readLabels(pathToFileURL(file))).toEqual(["tabby", "dog"]);
    expect(await readLabels(["a", "b"])).toEqual(["a", "b"]);
  });

  it("are text in UTF-8", async () => {
    writeFileSync(file, Buffer.from("caf\u00e9", "latin1"));
    await expect(readLabels(file)).rejects.toMatchObject({ code: "labels/unreadable" });
    writeFileSync(file, Buffer.from("cat", "utf16le"));
    await expect(readLabels(file)).rejects.toMatchObject({ code: "labels/unreadable" });
  });

  it.each(oddFiles(folder))("are never read from %s", async (_, path) => {
    await expect(readLabels(path)).rejects.toMatchObject({
      code: expect.stringMatching(/^file\/(not-found|not-a-file|unreadable)$/) as string,
    });
  });
});
