import type * as NodeFs from "node:fs";
import type * as NodeFsPromises from "node:fs/promises";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { InceptError } from "../../src/diagnostics/incept-error.js";
import { cannotRead } from "../../src/files/failure.js";
import { openRegular, openRegularSync } from "../../src/files/open.js";
import { type Bounded, readRegular, readRegularSync } from "../../src/files/read.js";
import { oddFiles } from "./odd.js";

/** Called before each read of a file, as if another process were at work. */
let meanwhile: () => void = () => undefined;
afterEach(() => (meanwhile = () => undefined));

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof NodeFs>();
  return {
    ...fs,
    readSync: (descriptor: number, buffer: Buffer) => (
      meanwhile(),
      fs.readSync(descriptor, buffer)
    ),
  };
});

vi.mock("node:fs/promises", async (original) => {
  const fs = await original<typeof NodeFsPromises>();
  const open = async (path: string, flags: number): Promise<unknown> => {
    const handle = await fs.open(path, flags);
    const read = handle.read.bind(handle);
    return Object.assign(handle, { read: (buffer: Buffer) => (meanwhile(), read(buffer)) });
  };
  return { ...fs, open };
});

const folder = mkdtempSync(join(tmpdir(), "incept-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

const bounded = (path: string, maxBytes = 1000): Bounded => ({ path, maxBytes, what: "a spec" });

async function failure(reading: () => unknown): Promise<InceptError> {
  try {
    await reading();
  } catch (error) {
    if (error instanceof InceptError) return error;
    throw error;
  }
  throw new Error("It was read.");
}

/** Both ways of reading a file as one: they give the same bytes, or fail with the same words. */
async function read(file: Bounded): Promise<string> {
  const sync = readRegularSync(file).toString();
  expect((await readRegular(file)).toString()).toBe(sync);
  return sync;
}

async function refusal(file: Bounded): Promise<InceptError> {
  const sync = await failure(() => readRegularSync(file));
  const later = await failure(() => readRegular(file));
  expect(String(later)).toBe(String(sync));
  return sync;
}

describe("what is read", () => {
  test.each([
    ["nothing", 0],
    ["a few bytes", 12],
    ["exactly as many as are allowed", 200_000],
  ])("%s", async (_, length) => {
    const text = "0123456789".repeat(length / 10 + 1).slice(0, length);
    writeFileSync(at("text"), text);
    expect(await read(bounded(at("text"), 200_000))).toBe(text);
  });

  test.runIf(process.platform === "linux")(
    "a file of /proc, which claims to be empty",
    async () => {
      const file = `/proc/${process.pid}/cmdline`;
      expect(statSync(file).size).toBe(0);
      expect(await read(bounded(file, 1 << 20))).toContain("node");
    },
  );
});

describe("what is refused", () => {
  const kinds: Readonly<Record<string, [code: string, message: RegExp]>> = {
    "a pipe": ["file/not-a-file", /pipe is not a file but a pipe\.$/],
    "a link to a pipe": ["file/not-a-file", /to-pipe is not a file but a pipe\.$/],
    "a folder": ["file/not-a-file", /folder is not a file but a folder\.$/],
    "a device": ["file/not-a-file", /^\/dev\/zero is not a file but a device\.$/],
    "a dangling link": ["file/not-found", /dangling is a link to nowhere, which does not exist\.$/],
    "a loop of links": ["file/unreadable", /links lead in a circle, ELOOP/],
    "a path below a file": ["file/not-found", /plain\/x does not exist\.$/],
    nothing: ["file/not-found", /absent does not exist\.$/],
    "a name that is too long": ["file/unreadable", /the name is too long, ENAMETOOLONG/],
  };
  mkdirSync(at("odd"));

  test.each(oddFiles(at("odd")))("%s, at once", async (what, path) => {
    const [code, message] = kinds[what]!;
    const error = await refusal(bounded(path));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(String(await failure(() => openRegular(bounded(path))))).toBe(String(error));
    expect(String(await failure(() => openRegularSync(bounded(path))))).toBe(String(error));
  });

  test("a socket", async () => {
    const server = createServer().listen(at("socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    const error = await refusal(bounded(at("socket")));
    expect(error.message).toMatch(/socket is not a file but a socket\.$/);
    server.close();
  });

  test("a path with a NUL, and one with a line break, each on one row", async () => {
    expect((await refusal(bounded("a\0b"))).message).toBe(
      "a\\x00b cannot be read (no path holds a NUL, ERR_INVALID_ARG_VALUE).",
    );
    expect((await refusal(bounded("a\n\u001b[2Jb"))).message).toBe("a\\n\\x1b[2Jb does not exist.");
    expect((await refusal(bounded(""))).message).toBe('"" does not exist.');
  });

  test("a file beyond the bound, before it is read", async () => {
    writeFileSync(at("large"), "");
    truncateSync(at("large"), 2 ** 40);
    meanwhile = () => expect.unreachable();
    const { code, message } = await refusal(bounded(at("large")));
    expect(code).toBe("file/too-large");
    expect(message).toMatch(/large holds 1099511627776 bytes, a spec may have at most 1000\.$/);
  });

  test("what the system does not let us read", () => {
    const refused = Object.assign(new Error("EACCES"), { code: "EACCES" });
    expect(String(cannotRead(bounded("secret"), refused))).toBe(
      "InceptError [file/unreadable]: secret cannot be read (permission is denied, EACCES).",
    );
  });

  test("the nearest name in its folder is suggested, as the path was written", async () => {
    writeFileSync(at("googlenet.incept"), "");
    const { help } = await refusal({
      ...bounded(at("gogglenet.incept")),
      shown: "x/gogglenet.incept",
    });
    expect(help).toBe("did you mean x/googlenet.incept?");
  });
});

describe("a file that somebody writes meanwhile", () => {
  const once = (change: () => void): void => {
    meanwhile = () => undefined;
    change();
  };
  const cases: readonly [string, () => void, code: string][] = [
    ["grows", () => once(() => appendFileSync(at("busy"), "more")), "file/changed"],
    ["grows without end", () => appendFileSync(at("busy"), "x".repeat(2000)), "file/too-large"],
    ["shrinks", () => truncateSync(at("busy"), 3), "file/changed"],
  ];

  test.each(cases)("%s", async (_, change, code) => {
    for (const reading of [readRegularSync, readRegular]) {
      writeFileSync(at("busy"), "0123456789");
      meanwhile = change;
      expect((await failure(() => reading(bounded(at("busy"))))).code).toBe(code);
      meanwhile = () => undefined;
    }
  });
});
