import { describe, expect, it } from "vitest";
import { Place } from "../../../src/runtime/check-options.js";
import {
  renameMap,
  Renaming,
  repeatedName,
  type RenameMap,
} from "../../../src/runtime/weights/rename.js";

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
    [{ "features.*.conv": "stage_*.conv" }, "features.12.conv.weight", "stage_12.conv.weight"],
    [{ "features.*.conv": "stage_*.conv" }, "features.a.b.conv.weight", "features.a.b.conv.weight"],
    [{ "features.*.conv": "stage_*.conv" }, "features.1.convs.x", "features.1.convs.x"],
    [{ "features.*.conv.": "stage_*." }, "features.1.conv.w", "stage_1.w"],
    [{ "layer*.*.bn*": "s_*.b_*.n_*" }, "layer1.0.bn2.bias", "s_1.b_0.n_2.bias"],
    [{ "layer*.*.bn*": "b$2.s$1.$3$3" }, "layer1.0.bn2.bias", "b0.s1.22.bias"],
    [{ "a*b*": "$1-$2" }, "axbyb", "x-yb"],
    [{ "conv*": "c*" }, "conv.weight", "c.weight"],
    [{ "*": "x_*" }, "fc.weight", "x_fc.weight"],
    [{ "*": "" }, "module.fc.weight", "fc.weight"],
    [{ "*": "" }, "fc", "fc"],
    [{ "**.gamma": "**.weight" }, "a.b.c.gamma", "a.b.c.weight"],
    [{ "**.gamma": "**.weight" }, "gamma", "gamma"],
    [{ "net.**.x.*": "$1.$2" }, "net.a.x.b.x.c", "a.b.x.c"],
    [{ "net.**": "**" }, "net.a.b", "a.b"],
    [{ "net.**": "all" }, "net.a.b", "all"],
    [{ "net.**": "all" }, "net", "net"],
    [{ "a.*": "p.*", "a.b": "q", "a.b.c": "r" }, "a.b.c", "r"],
    [{ "a.*": "p.*", a: "q" }, "a.b", "q.b"],
    [{ "*.b": "p.*", "a.*.c": "q.*" }, "a.b.c", "q.b"],
    [{ "a.*": "p.*", "*.b": "q.*" }, "a.b", "p.b"],
    [{ "": "net", "a.*": "p.*" }, "a.b", "p.b"],
    [{ "a.*": "$x.$" }, "a.b", "$x.$"],
  ])("by %j: %s becomes %s", (map, name, to) => {
    expect(new Renaming(map).find(name) ?? name).toBe(to);
  });

  it("knows which entries were of use", () => {
    const renaming = new Renaming({ a: "x", "a.b": "y", c: "z", "": "" });
    renaming.find("a.b.weight");
    expect(renaming.unused).toEqual(["a", "c", ""]);
  });

  it("knows which patterns were of use, and looks at long names for a short time", () => {
    const hostile = `${"*a".repeat(8)}b`;
    const renaming = new Renaming({ [hostile]: "x", [`**.${hostile}`]: "y", "q*": "z" });
    for (const name of ["a".repeat(1_000_000), "a.".repeat(500_000), "q1"]) renaming.find(name);
    expect(renaming.unused).toEqual([hostile, `**.${hostile}`]);
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

const read = (map: object): RenameMap => renameMap(map, new Place("Net.load", "rename"));

it.each<[from: string, to: string, message: string]>([
  ["a.*", "b_$2", 'rename.a.* is "b_$2", expected $1, since the name has one *, at character 3'],
  ["a.*.*", "$0", 'expected $1 to $2, one for each *, at character 1 of "$0".'],
  ["a.*", "b*.*", 'expected no second *, since the name has one, at character 4 of "b*.*".'],
  ["a.*", "*$1", 'expected $1 for each * or for none, and no * at character 1 of "*$1".'],
  ["a", "b*", 'expected no *, since the name has no *, at character 2 of "b*".'],
  ["a", "b$1", 'expected no $1, since the name has no *, at character 2 of "b$1".'],
  ["a.**b", "c", "expected dots around **, which stands for whole parts, at character 3 of"],
  ["**.a.**", "c", 'expected no second ** at character 6 of "**.a.**".'],
  ["*a*a*a*a*a*a*a*a*a*", "c", "expected no tenth * at character 19 of"],
])("refuses the pattern %s -> %s, and says where", (from, to, message) => {
  expect(() => read({ [from]: to })).toThrow(TypeError);
  expect(() => read({ [from]: to })).toThrow(message);
});

it("takes a bounded number of patterns", () => {
  const some = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}*`, "b*"]));
  expect(Object.keys(read(some(200)))).toHaveLength(200);
  expect(() => read(some(201))).toThrow("expected at most 200 patterns.");
});
