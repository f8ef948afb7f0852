import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { tooOld } from "../../src/cli/node-version.js";

test.each(["20.19.0", "20.20.2", "22.23.3", "24.0.0-pre", "100.0.0"])(
  "Node %s will do",
  (version) => expect(tooOld(version, "20.19")).toBeUndefined(),
);

test.each(["20.18.3", "18.20.8", "6.17.1"])("Node %s is told, with what to do", (version) => {
  const error = tooOld(version, "20.19");
  expect(error?.toString()).toBe(
    `InceptError [node/too-old]: inceptc needs Node 20.19 or newer; this is ${version}.\n` +
      "  help: install a newer one from nodejs.org, or with a version manager: nvm install 20",
  );
});

test("the bound is package.json's", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as {
    engines: { node: string };
  };
  expect(engines.node).toBe(">=20.19");
  expect(tooOld("20.19.0")).toBeUndefined();
  expect(tooOld("20.18.0")?.message).toContain("Node 20.19 or newer");
});

/** What is loaded with a file of the bundle before any of it runs. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (isBuiltin(file) || !file.endsWith(".js")) return seen;
  for (const [, name = ""] of readFileSync(file, "utf8").matchAll(
    /^(?:import|export)\s(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm,
  )) {
    loadedWith(name.startsWith(".") ? join(dirname(file), name) : name, seen);
  }
  return seen;
}

test("the command loads nothing that an old Node cannot before it looks at the version", () => {
  const loaded = [...loadedWith("dist/cli.js")];
  expect(loaded.filter((name) => !isBuiltin(name) && !name.startsWith("dist/"))).toEqual([]);
  expect(loaded).toContain("node:fs");
});
