/** The order that docs/architecture.md tells is the one that the check of imports holds. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";

interface Config {
  readonly forbidden: readonly { readonly name: string }[];
}

const { forbidden } = createRequire(import.meta.url)("../../.dependency-cruiser.cjs") as Config;
const page = readFileSync("docs/architecture.md", "utf8");

/** What the numbered list after the room's name has in code, in order. */
function told(room: string): readonly string[] {
  const [, list = ""] =
    new RegExp(`^\`${room}/\`, from [^]*?\n\n([^]*?)\n\n`, "m").exec(page) ?? [];
  return list.split("\n").flatMap((row) => {
    const [, names = ""] = /^\d+\. (.*?): /.exec(row) ?? [];
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
  });
}

/** The last has nothing to its right, and so no rule. */
function held(room: string): readonly string[] {
  const start = `${room}/`;
  return forbidden.flatMap(({ name }) => {
    const [path = ""] = name.split(" ");
    return path.startsWith(start) && path !== start ? [path.slice(start.length)] : [];
  });
}

test.each(["src/model", "src/build"])("the parts of %s", (room) => {
  expect(held(room).length).toBeGreaterThan(5);
  expect(told(room).slice(0, -1)).toEqual(held(room));
});
