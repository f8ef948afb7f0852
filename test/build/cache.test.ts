import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
  findBuild,
  findVariant,
  refusals,
  rootFor,
  variantRefusals,
} from "../../src/build/cache/cache.js";
import { recordFolder, userCache } from "../../src/build/cache/places.js";
import { digestOf } from "../../src/files/digest.js";
import { codeOf, finished, fresh, key, otherKey } from "./fake-build.js";
import { Folder } from "./folder.js";
import { ownFolders } from "./own-folders.js";

ownFolders();

/** Only root can give files away, and what it gives away is somebody else's. */
const root = process.geteuid?.() === 0;
const somebody = 4242;

it("finds a build by its key, and by its variant whatever tools made it", () => {
  using folder = new Folder();
  const root = folder.file(".incept");
  const { directory } = finished(root);
  expect(directory).toBe(join(root, key));
  for (const trust of ["own", "verified"] as const) {
    expect(findBuild([folder.file("absent"), root], key, trust)?.directory).toBe(directory);
    expect(findVariant([root], "variant", trust)?.directory).toBe(directory);
    expect(findBuild([root], otherKey, trust)).toBeUndefined();
    expect(findVariant([root], "other", trust)).toBeUndefined();
  }
});

it("never trusts a folder without its done-marker, and replaces it", () => {
  using folder = new Folder();
  const root = folder.file(".incept");
  fresh(root, key, "half a build");
  expect(findBuild([root], key, "verified")).toBeUndefined();
  expect(codeOf(finished(root, key, { code: "whole" }))).toBe("whole");
  expect(readdirSync(root)).toEqual([key]);
});

it("keeps the first of two builds of one key", () => {
  using folder = new Folder();
  const root = folder.file(".incept");
  finished(root, key, { code: "first" });
  expect(codeOf(finished(root, key, { code: "second" }))).toBe("first");
  expect(readdirSync(root)).toEqual([key]);
});

it("takes the first folder that can be written, and says so where there is none", () => {
  using folder = new Folder();
  // A file where a folder should be can't be written by anyone, root included.
  writeFileSync(folder.file("file"), "");
  const blocked = folder.file("file", ".incept");
  expect(rootFor([blocked, folder.file("user")], key)).toBe(folder.file("user"));
  expect(existsSync(folder.file("user"))).toBe(true);
  expect(() => rootFor([blocked], key)).toThrow(
    expect.objectContaining({
      code: "cache/unwritable",
      message: `No build can be kept: ${blocked} cannot be written (ENOTDIR).`,
      help: expect.stringContaining("XDG") as string,
    }),
  );
});

describe("a torn build", () => {
  const torn: [what: string, tear: (build: string) => void, why: string][] = [
    ["an empty binary", (b) => truncateSync(`${b}/fake.node`, 0), "fake.node is empty"],
    ["half a binary", (b) => truncateSync(`${b}/fake.node`, 2), "fake.node holds 2 bytes, not 4"],
    [
      "another binary",
      (b) => writeFileSync(`${b}/fake.node`, "evil"),
      "fake.node holds other bytes",
    ],
    ["no binary", (b) => rmSync(`${b}/fake.node`), "fake.node is missing"],
    [
      "a link for a binary",
      (b) => {
        renameSync(`${b}/fake.node`, `${b}/real.node`);
        symlinkSync("real.node", `${b}/fake.node`);
      },
      "fake.node cannot be read (ELOOP)",
    ],
    [
      "a folder for a binary",
      (b) => {
        rmSync(`${b}/fake.node`);
        mkdirSync(`${b}/fake.node`);
      },
      "fake.node is not the file that was built",
    ],
    ["an empty manifest", (b) => truncateSync(`${b}/manifest.json`, 0), "manifest.json is empty"],
    [
      "half a manifest",
      (b) => writeFileSync(`${b}/manifest.json`, "{"),
      "manifest.json holds 1 bytes",
    ],
    ["no manifest", (b) => rmSync(`${b}/manifest.json`), "manifest.json is missing"],
    ["an empty marker", (b) => truncateSync(`${b}/done.json`, 0), "done.json is empty"],
    ["half a marker", (b) => writeFileSync(`${b}/done.json`, "{"), "done.json is not JSON"],
    [
      "a marker of nothing",
      (b) => writeFileSync(`${b}/done.json`, "{}"),
      "done.json says that variant",
    ],
    [
      "an early marker",
      (b) => writeFileSync(`${b}/done.json`, '{"variant":"variant"}'),
      "done.json says",
    ],
    ["no marker", (b) => rmSync(`${b}/done.json`), "done.json is missing"],
    [
      "a hostile manifest with a marker of its own",
      (b) => {
        const manifest = '{"binary":"../x"}';
        writeFileSync(`${b}/manifest.json`, manifest);
        const said = { variant: "variant", manifest: digestOf(manifest), binary: digestOf("") };
        writeFileSync(`${b}/done.json`, JSON.stringify(said));
      },
      "manifest.json says that model is absent",
    ],
    [
      "a file",
      (b) => {
        rmSync(b, { recursive: true });
        writeFileSync(b, "");
      },
      `${key} is no folder`,
    ],
    [
      "a link to a build",
      (b) => {
        renameSync(b, `${b}.real`);
        symlinkSync(`${b}.real`, b);
      },
      `${key} is no folder`,
    ],
  ];

  it.each(torn)("with %s is none, says why, and is replaced", (_, tear, why) => {
    using folder = new Folder();
    const root = folder.file(".incept");
    tear(finished(root).directory);
    for (const trust of ["own", "verified"] as const) {
      expect(findBuild([root], key, trust)).toBeUndefined();
      expect(findVariant([root], "variant", trust)).toBeUndefined();
      const [refusal] = refusals([root], key, trust);
      expect(refusal).toMatchObject({ state: "torn" });
      expect(refusal?.why).toContain(why);
    }
    expect(variantRefusals([root], "variant", "verified")).toHaveLength(1);
    expect(rootFor([root, userCache()], key)).toBe(root);
    expect(codeOf(finished(root, key, { code: "whole" }))).toBe("whole");
    expect(codeOf(findBuild([root], key, "own"))).toBe("whole");
  });

  it("is not one for its times", () => {
    using folder = new Folder();
    const root = folder.file(".incept");
    const { directory } = finished(root);
    for (const name of readdirSync(directory)) utimesSync(join(directory, name), 1, 1);
    expect(findBuild([root], key, "own")?.directory).toBe(directory);
  });
});

describe("a build that this user did not make", () => {
  /** What a clone of a repository brings along: all is right with it but who made it. */
  function shipped(folder: Folder): string {
    finished(folder.file("theirs"), key, { code: "evil" });
    rmSync(recordFolder(), { recursive: true });
    cpSync(folder.file("theirs"), folder.file(".incept"), { recursive: true });
    return folder.file(".incept");
  }

  it("is loaded by an import, and never run by a verb", () => {
    using folder = new Folder();
    const roots = [shipped(folder), userCache()];
    expect(codeOf(findBuild(roots, key, "verified"))).toBe("evil");
    expect(findBuild(roots, key, "own")).toBeUndefined();
    expect(findVariant(roots, "variant", "own")).toBeUndefined();
    const why = expect.stringMatching(`${key} is not one of the builds that you made$`) as string;
    expect(refusals(roots, key, "own")).toEqual([{ state: "foreign", why }]);
  });

  it("is left alone for one in the user's cache, which then is preferred", () => {
    using folder = new Folder();
    const roots = [shipped(folder), userCache()];
    expect(rootFor(roots, key)).toBe(userCache());
    finished(userCache(), key, { code: "mine" });
    for (const trust of ["own", "verified"] as const) {
      expect(codeOf(findBuild(roots, key, trust))).toBe("mine");
      expect(codeOf(findVariant(roots, "variant", trust))).toBe("mine");
    }
    expect(codeOf(findBuild(roots.slice(0, 1), key, "verified"))).toBe("evil");
  });

  it("is replaced where there is no other place", () => {
    using folder = new Folder();
    const beside = shipped(folder);
    const home = dirname(userCache());
    rmSync(home, { recursive: true });
    writeFileSync(home, "in the way");
    expect(rootFor([beside, userCache()], key)).toBe(beside);
    rmSync(home);
    expect(codeOf(finished(beside, key, { code: "mine" }))).toBe("mine");
  });

  it("does not become one by the record of another", () => {
    using folder = new Folder();
    const theirs = shipped(folder);
    finished(folder.file("mine"), key, { code: "mine" });
    expect(codeOf(findBuild([folder.file("mine")], key, "own"))).toBe("mine");
    expect(findBuild([theirs], key, "own")).toBeUndefined();
  });
});

describe("the record of what was built", () => {
  it("is nothing in itself: a build is taken for what its marker says", () => {
    using folder = new Folder();
    const root = folder.file(".incept");
    const { directory } = finished(root);
    expect(readdirSync(recordFolder())).toHaveLength(1);
    const marker = join(directory, "done.json");
    const said = JSON.parse(readFileSync(marker, "utf8")) as object;
    writeFileSync(marker, JSON.stringify({ ...said, variant: "another" }));
    expect(findBuild([root], key, "verified")).toBeDefined();
    expect(findBuild([root], key, "own")).toBeUndefined();
  });

  it("that cannot be written is told, and the build is used", async () => {
    using folder = new Folder();
    mkdirSync(userCache(), { recursive: true });
    writeFileSync(recordFolder(), "in the way");
    const warned = vi.fn();
    process.once("warning", warned);
    expect(codeOf(finished(folder.file(".incept")))).toBe("code");
    await new Promise((done) => setImmediate(done));
    expect(warned).toHaveBeenCalledWith(
      expect.objectContaining({
        message: expect.stringContaining("so the next verb compiles it again") as string,
      }),
    );
    expect(findBuild([folder.file(".incept")], key, "own")).toBeUndefined();
    expect(findBuild([folder.file(".incept")], key, "verified")).toBeDefined();
  });
});

describe.runIf(root)("a build that others could have written", () => {
  it.each<[what: string, open: (root: string, build: string) => void, why: string]>([
    [
      "whose binary is somebody's",
      (_, b) => chownSync(`${b}/fake.node`, somebody, 0),
      "belongs to user 4242",
    ],
    [
      "whose manifest is",
      (_, b) => chownSync(`${b}/manifest.json`, somebody, 0),
      "belongs to user 4242",
    ],
    ["whose marker is", (_, b) => chownSync(`${b}/done.json`, somebody, 0), "belongs to user 4242"],
    ["whose folder is", (_, b) => chownSync(b, somebody, 0), "belongs to user 4242"],
    ["whose root is", (r) => chownSync(r, somebody, 0), ".incept belongs to user 4242"],
    [
      "whose binary anyone may write",
      (_, b) => chmodSync(`${b}/fake.node`, 0o666),
      "anyone may write",
    ],
    ["whose folder anyone may write", (_, b) => chmodSync(b, 0o777), "anyone may write"],
    ["in a root that anyone may write", (r) => chmodSync(r, 0o777), "anyone may write"],
    ["in a sticky root that anyone may write", (r) => chmodSync(r, 0o1777), "anyone may write"],
    [
      "whose folder another group may write",
      (_, b) => {
        chownSync(b, 0, somebody);
        chmodSync(b, 0o775);
      },
      "group 4242, which is not your own, may write",
    ],
  ])("%s is not run by anybody, and built elsewhere", (_, open, why) => {
    using folder = new Folder();
    const beside = folder.file(".incept");
    open(beside, finished(beside).directory);
    for (const trust of ["own", "verified"] as const) {
      expect(findBuild([beside], key, trust)).toBeUndefined();
      const [refusal] = refusals([beside], key, trust);
      expect(refusal).toMatchObject({ state: "untrusted" });
      expect(refusal?.why).toContain(why);
    }
    expect(rootFor([beside, userCache()], key)).toBe(userCache());
    finished(userCache(), key, { code: "mine" });
    expect(codeOf(findBuild([beside, userCache()], key, "own"))).toBe("mine");
  });

  it.each<[what: string, mode: number, gid: number]>([
    ["its own group may write it", 0o775, 0],
    ["another group may read it", 0o755, somebody],
  ])("is one of the user's where %s", (_, mode, gid) => {
    using folder = new Folder();
    const { directory } = finished(folder.file(".incept"));
    chownSync(directory, 0, gid);
    chmodSync(directory, mode);
    expect(findBuild([folder.file(".incept")], key, "own")).toBeDefined();
  });

  it("is what no umask makes", () => {
    using folder = new Folder();
    const before = process.umask(0);
    try {
      expect(rootFor([folder.file(".incept")], key)).toBe(folder.file(".incept"));
    } finally {
      process.umask(before);
    }
    expect(statSync(folder.file(".incept")).mode & 0o022).toBe(0);
  });

  it("has no record of anybody else", () => {
    using folder = new Folder();
    finished(folder.file(".incept"));
    chmodSync(recordFolder(), 0o777);
    expect(findBuild([folder.file(".incept")], key, "own")).toBeUndefined();
  });

  it("of root is loaded by any user, and not run by a verb of one", () => {
    using folder = new Folder();
    chmodSync(folder.path, 0o755);
    const beside = folder.file(".incept");
    finished(beside);
    const asUser = <T>(act: () => T): T => {
      process.seteuid!(somebody);
      try {
        return act();
      } finally {
        process.seteuid!(0);
      }
    };
    expect(asUser(() => codeOf(findBuild([beside], key, "verified")))).toBe("code");
    expect(asUser(() => findBuild([beside], key, "own"))).toBeUndefined();
  });
});
