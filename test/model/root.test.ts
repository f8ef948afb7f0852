/** What a spec may read: where its project ends, and what is said of files beyond. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { renderDiagnostics, renderJson } from "../../src/diagnostics/render.js";
import { checkFile, type FileOptions } from "../../src/model/check-file.js";
import { projectRoot } from "../../src/model/sources/root.js";
import { OpenedSpec } from "../../src/runtime/compile.js";
import { oddFiles } from "../files/odd.js";

/** A folder with nothing of a project around it but what a test writes. */
let top: string;
beforeEach(() => (top = realpathSync(mkdtempSync(join(tmpdir(), "incept-root-")))));
afterEach(() => rmSync(top, { recursive: true, force: true }));

/** Writes files by their path below the folder; a path that ends in `/` is a folder's. */
function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(top, name);
    mkdirSync(name.endsWith("/") ? file : dirname(file), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(file, text);
  }
}

const at = (name: string): string => join(top, name);

const secret = "TOKEN=hunter2\n";

const labelled = (labels: string): string => `model M {
  input x: f32[3, 8, 8]
  labels "${labels}"
  output y: globalavgpool -> linear(1)
}
`;
const importing = (path: string): string => `import { Stem } from "${path}"
model M {
  input x: f32[3, 8, 8]
  output y: Stem
}
`;
const stem = "module Stem { conv(1x1, 4) }\n";

function found(spec: string, options: FileOptions = {}): string[] {
  const { diagnostics, network } = checkFile(at(spec), options);
  const told = renderDiagnostics(diagnostics) + JSON.stringify(renderJson(diagnostics));
  expect(told).not.toContain("hunter2");
  expect(network === undefined).toBe(diagnostics.length > 0);
  return diagnostics.map(({ code }) => code);
}

const outside = ["import/outside"];

describe("a project is", () => {
  const cases: readonly [string, Record<string, string>, root: string][] = [
    ["the spec's folder, where there is nothing", { "a/b/": "" }, "a/b"],
    ["the nearest package", { "a/package.json": "{}", "package.json": "{}", "a/b/": "" }, "a"],
    [
      "a repository, rather than a package in it",
      { ".git/": "", "a/package.json": "{}", "a/b/": "" },
      "",
    ],
    ["the nearest repository", { ".git/": "", "a/.git/": "", "a/b/": "" }, "a"],
    ["a worktree or submodule, whose .git is a file", { "a/.git": "gitdir: x", "a/b/": "" }, "a"],
    [
      "npm's workspaces",
      { "package.json": '{ "workspaces": ["a"] }', "a/package.json": "{}", "a/b/": "" },
      "",
    ],
    [
      "workspaces in a repository",
      { ".git/": "", "a/package.json": '{ "workspaces": [] }', "a/b/package.json": "{}" },
      "a",
    ],
    [
      "pnpm's workspaces",
      { "pnpm-workspace.yaml": "", "package.json": "{}", "a/package.json": "{}", "a/b/": "" },
      "",
    ],
    ["a package whose package.json is broken", { "a/package.json": "{", "a/b/": "" }, "a"],
    ["a package whose package.json is a list", { "a/package.json": "[]", "a/b/": "" }, "a"],
  ];
  test.each(cases)("%s", (_, files, root) => {
    write(files);
    expect(projectRoot(at("a/b"))).toBe(join(top, root));
  });

  test.each([
    ["node_modules/pkg/specs/deep", "node_modules/pkg"],
    ["node_modules/@scope/pkg/specs", "node_modules/@scope/pkg"],
    ["node_modules/.pnpm/pkg@1/node_modules/pkg", "node_modules/.pnpm/pkg@1/node_modules/pkg"],
    ["node_modules/a/node_modules/b/c", "node_modules/a/node_modules/b"],
  ])("an installed package in %s", (folder, root) => {
    write({ ".git/": "", "package.json": '{ "workspaces": [] }', [`${folder}/`]: "" });
    write({ [`${folder}/package.json`]: "{}" });
    expect(projectRoot(at(folder))).toBe(at(root));
  });

  test("found without waiting for a pipe called package.json", () => {
    write({ "a/b/": "" });
    const [, pipe] = oddFiles(at("a"))[0]!;
    symlinkSync(pipe, at("a/b/package.json"));
    expect(projectRoot(at("a/b"))).toBe(at("a/b"));
  });
});

describe("what lies outside of the project is not read", () => {
  beforeEach(() => write({ "secret.txt": secret, "repo/.git/": "", "repo/specs/": "" }));
  const spec = (text: string): void => write({ "repo/specs/net.incept": text });

  test.each(["../../secret.txt", "./../../secret.txt", "../../repo/../secret.txt", "../.."])(
    "labels %s",
    (path) => {
      spec(labelled(path));
      expect(found("repo/specs/net.incept")).toEqual(outside);
    },
  );

  test.each(["../../secret.txt", "../../../../../../../../../../../../etc/passwd"])(
    "import %s",
    (path) => {
      spec(importing(path));
      expect(found("repo/specs/net.incept")).toEqual(outside);
    },
  );

  test("whether or not it is there", () => {
    spec(labelled("../../secret.txt"));
    const there = checkFile(at("repo/specs/net.incept")).diagnostics;
    rmSync(at("secret.txt"));
    const away = checkFile(at("repo/specs/net.incept")).diagnostics;
    expect(renderDiagnostics(away)).toBe(renderDiagnostics(there));
    expect(renderDiagnostics(away)).toContain(`"../../secret.txt" lies outside of ${at("repo")}.`);
    expect(renderDiagnostics(away)).toContain("--root DIR");
  });

  test.each([
    ["a link to a file", "labels.txt", "../../secret.txt", "labels.txt"],
    ["a link to what is not there", "labels.txt", "../../nothing", "labels.txt"],
    ["a link to a folder", "data", "../..", "data/secret.txt"],
    ["a folder's link, and nothing in it", "data", "../..", "data/nothing/at/all"],
    ["an absolute link", "labels.txt", "/etc/passwd", "labels.txt"],
  ])("through %s", (_, link, target, path) => {
    spec(labelled(path));
    symlinkSync(target, at(join("repo/specs", link)));
    expect(found("repo/specs/net.incept")).toEqual(outside);
  });

  test("through a chain of links, of which the last leads out", () => {
    spec(labelled("one"));
    symlinkSync("two/secret.txt", at("repo/specs/one"));
    symlinkSync("../three", at("repo/specs/two"));
    symlinkSync(top, at("repo/three"));
    expect(found("repo/specs/net.incept")).toEqual(outside);
  });

  test("by what is imported, whose project is the spec's", () => {
    write({
      "repo/specs/vendor/.git/": "",
      "repo/specs/vendor/stem.incept": `import { Deep } from "../../../deep.incept"\n${stem}`,
      "repo/specs/vendor/near.incept": `import { Stem } from "../../stem.incept"\nmodule Near { Stem }`,
      "repo/stem.incept": stem,
      "deep.incept": secret,
    });
    spec(importing("vendor/stem.incept"));
    expect(found("repo/specs/net.incept")).toEqual(outside);
    spec(importing("vendor/near.incept").replaceAll("Stem", "Near"));
    expect(found("repo/specs/net.incept")).toEqual([]);
  });

  test("by a package that was installed", () => {
    write({
      "repo/.env": secret,
      "repo/node_modules/pkg/package.json": "{}",
      "repo/node_modules/pkg/specs/net.incept": labelled("../../../.env"),
      "repo/node_modules/pkg/specs/own.incept": labelled("../classes.txt"),
      "repo/node_modules/pkg/classes.txt": "cat\n",
    });
    expect(found("repo/node_modules/pkg/specs/net.incept")).toEqual(outside);
    expect(found("repo/node_modules/pkg/specs/own.incept")).toEqual([]);
  });

  test("where a sibling's name begins as the project's", () => {
    write({ "repo-secrets/labels.txt": secret });
    spec(labelled("../../repo-secrets/labels.txt"));
    expect(found("repo/specs/net.incept")).toEqual(outside);
  });

  test.each([
    ["an absolute path", "/etc/passwd"],
    ["a file URL", "file:///etc/passwd"],
    ["a drive", "C:\\labels.txt"],
    ["a share", "\\\\server\\labels.txt"],
    ["a share with slashes", "//server/labels.txt"],
  ])("%s is none that a spec can name", (_, path) => {
    spec(labelled(path));
    expect(found("repo/specs/net.incept")).toEqual(["import/not-relative"]);
  });
});

describe("what lies inside is read", () => {
  beforeEach(() =>
    write({ "repo/.git/": "", "repo/labels.txt": "cat\n", "repo/stem.incept": stem }),
  );

  test("by .., and by a name that begins so", () => {
    write({ "repo/specs/net.incept": labelled("../labels.txt"), "repo/..odd/labels.txt": "cat\n" });
    expect(found("repo/specs/net.incept")).toEqual([]);
    write({ "repo/net.incept": labelled("..odd/labels.txt") });
    expect(found("repo/net.incept")).toEqual([]);
  });

  test("through links", () => {
    write({ "repo/specs/net.incept": labelled("here/labels.txt") });
    symlinkSync("..", at("repo/specs/here"));
    expect(found("repo/specs/net.incept")).toEqual([]);
  });

  test("by a spec that is reached through a link, from where the spec is", () => {
    write({
      "repo/specs/net.incept": importing("../stem.incept"),
      "elsewhere/stem.incept": secret,
    });
    mkdirSync(at("elsewhere/specs"));
    symlinkSync(at("repo/specs/net.incept"), at("elsewhere/specs/net.incept"));
    expect(found("elsewhere/specs/net.incept")).toEqual([]);
    symlinkSync(at("repo"), at("link"));
    expect(found("link/specs/net.incept")).toEqual([]);
  });

  test("once, by whatever links it is named", () => {
    const twice = `import { Stem } from "stem.incept"\nimport { Other } from "other.incept"\n`;
    const model = importing("x").split("\n").slice(1).join("\n").replace("Stem", "Stem -> Other");
    write({ "repo/net.incept": twice + model, "repo/stem.incept": `${stem}module Other { relu }` });
    symlinkSync("stem.incept", at("repo/other.incept"));
    const { network } = checkFile(at("repo/net.incept"));
    expect(network!.sources.map(({ file }) => file)).toEqual([
      at("repo/net.incept"),
      at("repo/stem.incept"),
    ]);
  });

  test("in a circle of links, which is a circle of imports", () => {
    write({ "repo/net.incept": importing("b.incept"), "repo/b.incept": importing("c.incept") });
    symlinkSync("b.incept", at("repo/c.incept"));
    expect(found("repo/net.incept")).toEqual(["import/cycle"]);
  });
});

describe("a root", () => {
  beforeEach(() =>
    write({
      "repo/.git/": "",
      "repo/labels.txt": "cat\n",
      "repo/net.incept": labelled("../data/labels.txt"),
      "repo/own.incept": labelled("labels.txt"),
      "data/labels.txt": "cat\n",
      "other/labels.txt": "cat\n",
    }),
  );

  test.each(["data", ".", "repo/../data"])("allows the files of %s too", (root) => {
    expect(found("repo/net.incept", { root: at(root) })).toEqual([]);
    expect(found("repo/net.incept", { root: pathToFileURL(at(root)) })).toEqual([]);
    expect(found("repo/own.incept", { root: at(root) })).toEqual([]);
  });

  test("follows links first", () => {
    symlinkSync(at("data"), at("link"));
    expect(found("repo/net.incept", { root: at("link") })).toEqual([]);
    symlinkSync(at("other/labels.txt"), at("data/other.txt"));
    write({ "repo/net.incept": labelled("../data/other.txt") });
    expect(found("repo/net.incept", { root: at("data") })).toEqual(outside);
  });

  test("allows no others, and the message names both", () => {
    const { diagnostics } = checkFile(at("repo/net.incept"), { root: at("other") });
    expect(diagnostics.map(({ message }) => message)).toEqual([
      `"../data/labels.txt" lies outside of ${at("repo")} and ${at("other")}.`,
    ]);
  });

  test("must be a folder", () => {
    const check = (root: string) => () => checkFile(at("repo/net.incept"), { root });
    expect(check(at("data/labels.txt"))).toThrow(/labels\.txt is not a folder\./);
    expect(check(at("nowhere"))).toThrow(/nowhere does not exist\./);
    expect(check("")).toThrow('"" does not exist.');
  });

  test("is an option of what loads a module", () => {
    expect(() => OpenedSpec.open(at("repo/net.incept"), {})).toThrow(/lies outside of/);
    const code = "artefact/stale";
    const opened = OpenedSpec.open(at("repo/net.incept"), { root: at("data") });
    expect(() => opened.find({})).toThrow(expect.objectContaining({ code }) as Error);
  });
});

describe("what is named and is no file", () => {
  const says: Readonly<Record<string, RegExp>> = {
    "a pipe": /^"odd\/pipe" is not a file but a pipe\.$/,
    "a link to a pipe": /^"odd\/to-pipe" is not a file but a pipe\.$/,
    "a folder": /^"odd\/folder" is not a file but a folder\.$/,
    "a dangling link": /^There is no (spec|list of labels) at "odd\/dangling"\.$/,
    "a loop of links": /^"odd\/loop-a" cannot be read \(its links lead in a circle, ELOOP\)\.$/,
    "a path below a file": /^There is no (spec|list of labels) at "odd\/plain\/x"\.$/,
    nothing: /^There is no (spec|list of labels) at "odd\/absent"\.$/,
    "a name that is too long":
      /^"odd\/x+…x+" cannot be read \(the name is too long, ENAMETOOLONG\)\.$/,
  };

  test("is a finding at once, for imports and for labels", () => {
    write({ ".git/": "", "odd/": "" });
    for (const [what, path] of oddFiles(at("odd")).filter(([what]) => what !== "a device")) {
      const written = path.slice(top.length + 1);
      write({
        "net.incept": `import { Stem } from "${written}"\n${labelled(written)}`,
      });
      const { diagnostics } = checkFile(at("net.incept"));
      expect(diagnostics).toHaveLength(2);
      for (const { message } of diagnostics) expect(message, what).toMatch(says[what]!);
    }
  });

  test("is told from what is larger than its kind may be", () => {
    write({ ".git/": "", "big.incept": " ".repeat((1 << 20) + 1) });
    write({ "net.incept": importing("big.incept") });
    const { diagnostics } = checkFile(at("net.incept"));
    expect(diagnostics[0]).toMatchObject({
      code: "import/unreadable",
      message: '"big.incept" holds 1048577 bytes, a spec may have at most 1048576.',
    });
    write({ "net.incept": labelled("big.incept") });
    expect(found("net.incept")).toEqual(["labels/count"]);
  });

  test("may be misspelled", () => {
    write({ ".git/": "", "data/labels.txt": "cat\n", "net.incept": labelled("data/lables.txt") });
    const help = (): (string | undefined)[] =>
      checkFile(at("net.incept")).diagnostics.map((finding) => finding.help);
    expect(help()).toEqual(['did you mean "data/labels.txt"?']);
    write({ "net.incept": labelled("data\\labels.txt") });
    expect(help()).toEqual(['write / between folders: "data/labels.txt"']);
  });

  test("has no name that breaks a row", () => {
    write({ ".git/": "", "net.incept": labelled("\u202eodd\u0009name") });
    const text = renderDiagnostics(checkFile(at("net.incept")).diagnostics);
    expect(text).toContain('There is no list of labels at "\\u202eodd\\tname".');
  });
});
