import { mkdirSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildArtefact } from "../../src/build/build.js";
import { temporaryFolder } from "../../src/build/disk/temporary.js";
import { checked } from "../support/check.js";
import { Folder } from "./folder.js";

describe("the folder that networks are compiled in", () => {
  it.each(["/tmp", "/tmp/my things", "/tmp/é#$%&'()*?=,~!`<{@+^"])("may be %s", (folder) => {
    expect(temporaryFolder(folder)).toBe(folder);
  });

  it.each([";", '"', "\\", ":", "|", "[", "]", "\n"])("has no %j in its path", (odd) => {
    expect(() => temporaryFolder(`/tmp/a${odd}b`)).toThrow(
      expect.objectContaining({
        code: "toolchain/odd-folder",
        message: expect.stringContaining(JSON.stringify(odd)) as string,
        help: expect.stringContaining("TMPDIR") as string,
      }),
    );
  });

  it("is looked at before a tool is run", async () => {
    using folder = new Folder();
    const odd = folder.file("a;b");
    mkdirSync(odd);
    const network = checked(
      "model Net {\n  input image: f32[1, 2, 2]\n  output y: globalavgpool\n}\n",
    );
    const before = process.env.TMPDIR;
    process.env.TMPDIR = odd;
    try {
      await expect(
        buildArtefact({ spec: folder.file("net.incept"), network }),
      ).rejects.toMatchObject({ code: "toolchain/odd-folder" });
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    expect(readdirSync(odd)).toEqual([]);
  });
});
