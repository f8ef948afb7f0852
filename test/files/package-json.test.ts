import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isCommonJs, packageOf, packagesFrom, recordOf } from "../../src/files/package-json.js";
import { Folder } from "../build/folder.js";

/** Folders inside one another, with what their package.json files hold. */
function nest(folder: Folder, ...texts: (string | undefined)[]): string {
  let place = folder.path;
  for (const text of texts) {
    place = join(place, "in");
    mkdirSync(place);
    if (text !== undefined) writeFileSync(join(place, "package.json"), text);
  }
  return place;
}

describe("a folder's package", () => {
  it("is found from the folder upwards", () => {
    using folder = new Folder();
    const inner = nest(folder, '{"name":"outer"}', undefined, '{"name":"inner"}');
    const names = packagesFrom(inner).map(({ content }) => content.name);
    expect(names.slice(0, 2)).toEqual(["inner", "outer"]);
    expect(packageOf(join(inner, ".."))).toBeUndefined();
    expect(packagesFrom(join(inner, ".."))[0]?.content).toEqual({ name: "outer" });
  });

  it.each([
    ['{"type":"module"}', false],
    ['{"type":"commonjs"}', true],
    ['{"name":"x"}', true],
    ['\uFEFF{"type":"module"}', false],
    ["{ not JSON", true],
    ["[1]", true],
  ])("that says %s is of CommonJS: %s", (text, expected) => {
    using folder = new Folder();
    expect(isCommonJs(nest(folder, text, undefined))).toBe(expected);
  });

  it("has records, whatever stands there", () => {
    expect([undefined, null, 1, "a", ["b"]].map(recordOf)).toEqual([{}, {}, {}, {}, {}]);
    expect(recordOf({ a: 1 })).toEqual({ a: 1 });
  });
});
