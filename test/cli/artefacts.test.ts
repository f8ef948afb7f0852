import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inceptc, type Ran, temporaryFolder } from "../support/cli.js";

const spec = "model Tiny { input x: f32[3, 2, 2] output y: relu -> conv(1x1, 2) }";

interface Built {
  readonly directory: string;
  readonly binary: string;
  readonly cached: boolean;
}

test("a built module is run by a verb only where this user built it and it is whole", () => {
  const folder = temporaryFolder();
  for (const name of ["mine", "other", "tmp"]) mkdirSync(join(folder, name));
  const file = join(folder, "tiny.incept");
  writeFileSync(file, spec);
  const run = (user: string, ...args: string[]): Ran =>
    inceptc(args, { env: { XDG_CACHE_HOME: join(folder, user), TMPDIR: join(folder, "tmp") } });
  const build = (user: string): Built => {
    const { status, stdout, stderr } = run(user, "build", file, "--target", "cpu", "--json");
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout) as Built;
  };

  const first = build("mine");
  expect(first.directory.startsWith(join(folder, ".incept"))).toBe(true);
  expect(build("mine")).toMatchObject({ directory: first.directory, cached: true });

  // Other words for the same network: no compiler starts, and the types have the new ones.
  writeFileSync(file, `// A network.\n/// Takes two rows.\n${spec.replaceAll(" { ", " {\r\n  ")}`);
  expect(build("mine")).toMatchObject({ directory: first.directory, cached: true });
  expect(readFileSync(join(folder, "tiny.d.incept.ts"), "utf8")).toContain("Takes two rows.");
  expect(run("mine", "build", file, "--target", "cpu").stdout).toContain("  up to date");

  // Types that cannot be written are told, and the build is there all the same.
  const types = join(folder, "tiny.d.incept.ts");
  rmSync(types);
  mkdirSync(types);
  const untyped = run("mine", "build", file, "--target", "cpu", "--json");
  expect(untyped.stderr).toMatch(
    /^warning: .*tiny\.d\.incept\.ts is not a file but a folder, so .*\n$/,
  );
  expect(untyped.status).toBe(0);
  expect(JSON.parse(untyped.stdout)).toMatchObject({ cached: true, types: null });
  rmdirSync(types);

  // Cut short on a failing disk: told, listed as such, and made whole in its place.
  const whole = readFileSync(first.binary).length;
  truncateSync(first.binary, 0);
  writeFileSync(join(first.directory, "manifest.json"), "{");
  expect(run("mine", "cache", folder).stdout).toMatch(/✖ +manifest\.json holds 1 bytes/);
  const again = run("mine", "build", file, "--target", "cpu");
  expect(again.stderr).toContain("building again, since ");
  expect(again.stdout).not.toContain("up to date");
  expect(readFileSync(first.binary)).toHaveLength(whole);

  // Whole, and another user's as far as this one can know: built into the user's own cache.
  const theirs = build("other");
  expect(theirs.cached).toBe(false);
  expect(theirs.directory.startsWith(join(folder, "other"))).toBe(true);
  expect(build("other")).toMatchObject({ directory: theirs.directory, cached: true });
  expect(build("mine")).toMatchObject({ directory: first.directory, cached: true });

  // Clearing needs nothing to be whole.
  writeFileSync(join(first.directory, "manifest.json"), "{");
  const cleared = run("other", "cache", folder, "--clear");
  expect(cleared.stdout, cleared.stderr).toMatch(/^✔ removed 2 builds, /);
  expect(readdirSync(join(folder, ".incept"))).toEqual([]);
  expect(run("other", "cache", folder).stdout).toBe("0 builds, 0 B\n");
});
