import { describe, expect, it } from "vitest";
import { Renaming, repeatedName, type RenameMap } from "../../../src/runtime/weights/rename.js";

describe("renaming", () => {
  it.each<[map: RenameMap, name: string, to: string]>([
    [{ module: "" }, "module.fc.weight", "fc.weight"],
    [{ "module.": "" }, "module.fc.weight", "fc.weight"],
    [{ "module.": "net." }, "module.fc.weight", "net.fc.weight"],
    [{ module: "" }, "module", "module"],
    [{ module: "" }, "modules.fc.weight", "modules.fc.weight"],
    [{ module: "" }, "a.module.fc", "a.module.fc"],
    [{ "": "net" }, "fc.weight", "net.fc.weight"],
    [{ "": "net", fc: "fc1" }, "fc.weight", "fc1.weight"],
    [{ "": "" }, "fc.weight", "fc.weight"],
    [{ a: "b", "a.b": "c" }, "a.b.c", "c.c"],
    [{ a: "b", b: "c" }, "a.x", "b.x"],
    [{ "a.x": "y" }, "a.x", "y"],
    [{ a: "b" }, "a..x", "b..x"],
    [{ constructor: "b" }, "constructor.x", "b.x"],
    [{}, "toString.x", "toString.x"],
  ])("by %j: %s becomes %s", (map, name, to) => {
    expect(new Renaming(map).find(name) ?? name).toBe(to);
  });

  it("knows which entries were of use", () => {
    const renaming = new Renaming({ a: "x", "a.b": "y", c: "z", "": "" });
    renaming.find("a.b.weight");
    expect(renaming.unused).toEqual(["a", "c", ""]);
  });

  it("holds a name of a million dots against what there is", () => {
    const renaming = new Renaming({ "a.b": "x", "": "net" });
    expect(renaming.find("a" + ".".repeat(1_000_000))).toHaveLength(1_000_005);
  });
});

it("finds a name that a map has twice, once with a dot at the end", () => {
  expect(repeatedName({ a: "x", "a.b": "y", "": "z" })).toBeUndefined();
  expect(repeatedName({ a: "x", "a.": "y" })).toBe("a.");
  expect(repeatedName({ "": "x", ".": "y" })).toBe(".");
});
