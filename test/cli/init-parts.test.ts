import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ownDependency } from "../../src/cli/init/dependency.js";
import { packageName } from "../../src/emit/package-name.js";
import { missingOptions } from "../../src/cli/init/tsconfig.js";
import { packageRoot, version } from "../../src/emit/package.js";
import { Folder } from "../build/folder.js";

describe("a project's name", () => {
  it.each([
    ["/nets/my-net", "my-net"],
    ["/nets/My Net", "my-net"],
    ["/nets/.hidden", "hidden"],
    ["/nets/_x_", "x"],
    ["/nets/Größe Netz!", "grosse-netz"],
    ["/nets/café", "cafe"],
    ["/nets/网络", "incept-project"],
    ["/", "incept-project"],
    ["/nets/a..b", "a..b"],
    ["/nets/@scope", "scope"],
    ["/nets/inceptc", "inceptc-project"],
    ["/nets/TSX", "tsx-project"],
    ["/nets/typescript", "typescript-project"],
    ["/nets/Stream", "stream-project"],
    ["/nets/node_modules", "node_modules-project"],
    [`/nets/${"n".repeat(300)}`, "n".repeat(200)],
  ])("of %s is %s", (folder, name) => {
    expect(packageName(folder)).toBe(name);
    expect(name).toMatch(/^[a-z0-9][a-z0-9._-]{0,213}$/);
  });
});

describe("what a project writes for inceptc", () => {
  const folder = new Folder();
  afterAll(() => folder[Symbol.dispose]());
  let count = 0;

  /** A folder with a package.json that asks for this, and a folder inside it. */
  function inside(content: unknown, name = "in"): { outer: string; inner: string } {
    const outer = folder.file(`${count++}`, name);
    const inner = join(outer, "my net");
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(outer, "package.json"), JSON.stringify(content));
    return { outer, inner };
  }

  it.each([
    ["^0.1.0", "^0.1.0"],
    ["latest", "latest"],
    ["workspace:*", "workspace:*"],
    ["github:inceptc/inceptc", "github:inceptc/inceptc"],
    ["npm:other@1", "npm:other@1"],
    ["https://example.org/inceptc.tgz", "https://example.org/inceptc.tgz"],
    ["file:inceptc-0.1.0.tgz", "file:../inceptc-0.1.0.tgz"],
    ["file:./inceptc-0.1.0.tgz", "file:../inceptc-0.1.0.tgz"],
    ["file:../my packages/inceptc", "file:../../my packages/inceptc"],
    ["../inceptc", "file:../../inceptc"],
    ["link:../inceptc", "link:../../inceptc"],
    ["portal:../inceptc", "portal:../../inceptc"],
  ])("is, where the folder above has %s, %s", (spec, expected) => {
    const { inner } = inside({ dependencies: { inceptc: spec } });
    expect(ownDependency(inner)).toBe(expected);
  });

  it("is a relative path also for an absolute one", () => {
    const target = folder.file("inceptc-0.1.0.tgz");
    for (const spec of [target, `file:${target}`, `file://${target}`]) {
      const { inner } = inside({ devDependencies: { inceptc: spec } });
      expect(ownDependency(inner)).toBe(`file:${relative(inner, target)}`);
    }
  });

  it("is what the nearest says, past those that say nothing", () => {
    const { outer } = inside({ optionalDependencies: { inceptc: "file:../x" } });
    const between = join(outer, "packages", "net");
    mkdirSync(between, { recursive: true });
    writeFileSync(join(outer, "packages", "package.json"), '{ "dependencies": { "sharp": "1" } }');
    expect(ownDependency(between)).toBe("file:../../../x");
  });

  it("is what asked for the one that runs, where no folder above does: npx has its own", () => {
    const { outer } = inside({ dependencies: { inceptc: "file:../../inceptc-0.1.0.tgz" } }, "npx");
    const running = join(outer, "node_modules", "inceptc");
    const target = folder.file("inceptc-0.1.0.tgz");
    const { inner } = inside({ name: "other" });
    expect(ownDependency(inner, running)).toBe(
      `file:${relative(inner, join(outer, "..", "..", "inceptc-0.1.0.tgz"))}`,
    );
    expect(target).toBe(join(outer, "..", "..", "inceptc-0.1.0.tgz"));
  });

  it("is the version of one that nobody asked for: a global install", () => {
    const { outer, inner } = inside({});
    const running = join(outer, "lib", "node_modules", "inceptc");
    expect(ownDependency(inner, running)).toBe(`^${version}`);
  });

  it("is the folder of one that is not installed: a clone, or a workspace's member", () => {
    const { outer, inner } = inside({ workspaces: ["packages/*"] });
    expect(ownDependency(inner)).toBe(`file:${relative(inner, packageRoot)}`);
    expect(ownDependency(inner, join(outer, "packages", "inceptc"))).toBe(
      "file:../packages/inceptc",
    );
  });
});

describe("what a tsconfig.json lacks", () => {
  const types = '"allowArbitraryExtensions": true';
  const all = [types, '"module": "nodenext"'];
  const options = (text: string): string => `{ "compilerOptions": { ${text} } }`;

  it.each([
    ["{}", all],
    ["not JSON", all],
    [options(`${types}, "module": "nodenext"`), []],
    [options(`${types}, "module": "Node20", "target": "esnext"`), []],
    [options(`${types}, "module": "commonjs", "target": "es5"`), [all[1], '"target": "es2022"']],
    [options(`${types}, "module": "esnext"`), ['"target": "es2022"']],
    [options(`${types}, "module": "preserve", "target": "es2017"`), []],
    [options(`${types}, "module": "nodenext", "lib": ["ES2023"]`), ['"types": ["node"]']],
    [options(`${types}, "module": "nodenext", "lib": ["es2023"], "types": ["node"]`), []],
    [options(`${types}, "module": "nodenext", "lib": ["es2023", "DOM"], "types": []`), []],
    [
      `{ // with "comments"
         "$schema": "https://json.schemastore.org/tsconfig", /* , */
         "compilerOptions": { ${types}, "module": "nodenext", },
       }`,
      [],
    ],
    [options(`"module": "nodenext" // ${types}`) + "\n}}", [types]],
  ])("%s", (text, missing) => expect(missingOptions(text)).toEqual(missing));
});
