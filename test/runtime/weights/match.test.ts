import { describe, expect, it } from "vitest";
import type { GivenTensor } from "../../../src/runtime/weights/given.js";
import { matchWeights, type MatchOptions } from "../../../src/runtime/weights/match.js";
import type { NamedShape } from "../../../src/checkpoints/named-shape.js";
import { requireMatch } from "../../../src/runtime/weights/require-match.js";

const tensor = (name: string, ...shape: number[]): NamedShape => ({ name, shape });
const expected = [
  tensor("inception_3a.b3.1.weight", 128, 96, 3, 3),
  tensor("inception_3a.b3.1.bias", 128),
  tensor("classifier.weight", 10, 128),
];
const message = (given: GivenTensor[], options: MatchOptions = {}): string => {
  try {
    requireMatch(matchWeights(expected, given, options), "w.safetensors", given);
  } catch (error) {
    return String(error);
  }
  return "fits";
};

describe("matching", () => {
  it("takes every parameter by its name, in any order", () => {
    const match = matchWeights(expected, [...expected].reverse());
    expect([...match.found.keys()]).toEqual(expected.map(({ name }) => name));
    expect(match).toMatchObject({ missing: [], wrongShape: [], extra: [], unused: [] });
  });

  it("names what is missing and the likeliest tensor for it", () => {
    const given = [
      tensor("inception_3a.branch3.1.weight", 128, 96, 3, 3),
      tensor("inception_3a.branch3.1.bias", 128),
      tensor("classifier.weight", 10, 128),
    ];
    expect(message(given)).toBe(
      "InceptError [weights/missing]: w.safetensors lacks 2 of 3 parameters: " +
        "inception_3a.b3.1.weight, inception_3a.b3.1.bias " +
        "(it has inception_3a.branch3.1.weight: use --rename)",
    );
    expect(message(given, { rename: { "inception_3a.branch3": "inception_3a.b3" } })).toBe("fits");
  });

  it("offers no tensor of another shape", () => {
    const given = [tensor("classifer.weight", 11, 128), ...expected.slice(0, 2)];
    expect(message(given)).toBe(
      "InceptError [weights/missing]: w.safetensors lacks 1 of 3 parameters: classifier.weight",
    );
  });

  it("names a wrong shape", () => {
    const given = [...expected.slice(0, 2), tensor("classifier.weight", 1000, 128)];
    expect(message(given)).toBe(
      "InceptError [weights/shape]: w.safetensors: classifier.weight is [1000, 128], expected [10, 128]",
    );
  });

  it("refuses a tensor that a layer of the network has no place for", () => {
    const given = [...expected, tensor("classifier.bias", 10)];
    expect(message(given)).toContain("[weights/extra]");
    expect(message(given)).toContain("classifier.bias");
  });

  it("sets aside other layers, aux heads and batch counters", () => {
    const given = [
      ...expected,
      tensor("head.weight", 4),
      tensor("loss_1.fc1.weight", 4),
      tensor("inception_3a.b3.1.num_batches_tracked"),
    ];
    const ignored = (name: string): boolean => name.startsWith("loss_1.");
    expect(message(given, { ignored })).toBe("fits");
    expect(matchWeights(expected, given, { ignored }).unused).toEqual(["head.weight"]);
  });

  it("renames whole names before prefixes, the longest first", () => {
    const given = [tensor("a.b.weight", 1), tensor("a.c.weight", 1), tensor("x", 1)];
    const wanted = [tensor("p.weight", 1), tensor("q.c.weight", 1), tensor("r.s", 1)];
    const rename = { a: "q", "a.b": "p", x: "r.s" };
    expect(matchWeights(wanted, given, { rename }).found).toEqual(
      new Map([
        ["p.weight", "a.b.weight"],
        ["q.c.weight", "a.c.weight"],
        ["r.s", "x"],
      ]),
    );
  });
});

/** The network's tensors under other names. */
const named = (rename: (name: string) => string): GivenTensor[] =>
  expected.map(({ name, shape }) => ({ name: rename(name), shape }));

const prefixed = (prefix: string): GivenTensor[] => named((name) => prefix + name);

describe("a common prefix", () => {
  it.each(["module.", "_orig_mod.model.", "net.0.", "a b.", "."])("%s is left off", (prefix) => {
    const match = matchWeights(expected, [tensor("step"), ...prefixed(prefix), tensor("ema.x", 3)]);
    expect(match.leftOff).toBe(prefix);
    expect([...match.found]).toEqual(expected.map(({ name }) => [name, prefix + name]));
    expect(match).toMatchObject({ missing: [], extra: [], unused: ["step", "ema.x"] });
  });

  it("may be stripped by a rename, which is all that is needed then", () => {
    for (const from of ["module", "module."]) {
      const match = matchWeights(expected, prefixed("module."), { rename: { [from]: "" } });
      expect(match.found.size).toBe(3);
      expect(match.leftOff).toBeUndefined();
    }
  });

  it("is left off what no rename has named, and of heads that the network leaves out", () => {
    const given = [
      ...prefixed("m.").slice(0, 2),
      tensor("m.fc.weight", 10, 128),
      tensor("m.aux.w"),
    ];
    const match = matchWeights(expected, given, {
      rename: { "m.fc": "classifier" },
      ignored: (name) => name.startsWith("aux."),
    });
    expect(match.leftOff).toBe("m.");
    expect(match).toMatchObject({ missing: [], unused: [] });
    expect(match.found.get("classifier.weight")).toBe("m.fc.weight");
  });

  it("leaves a layer's further tensors to be told of", () => {
    const given = [...prefixed("module."), tensor("module.classifier.bias", 10)];
    expect(matchWeights(expected, given).extra).toEqual(["module.classifier.bias"]);
    // What stands outside of the prefix is no layer of the network's.
    const beside = [...prefixed("module."), tensor("classifier.bias", 10)];
    expect(matchWeights(expected, beside)).toMatchObject({
      extra: [],
      unused: ["classifier.bias"],
    });
  });

  it("shows tensors of types that are not taken and of kinds that are not read", () => {
    const integers = prefixed("module.").map((one) => ({ ...one, dtype: "I8" }));
    expect(matchWeights(expected, integers).wrongDtype).toHaveLength(3);
    const unreadable = { what: "a quantized tensor", help: "save it as floats" };
    const quantized = prefixed("module.").map(({ name }) => ({ name, shape: [], unreadable }));
    expect(matchWeights(expected, quantized).unreadable).toHaveLength(3);
  });

  it("stays where a parameter is there without it, lacks, or has another shape", () => {
    const [first, ...others] = prefixed("module.") as [GivenTensor, ...GivenTensor[]];
    const given: GivenTensor[][] = [
      [...prefixed("module."), expected[2]!],
      others,
      [{ ...first, shape: [128, 96, 5, 5] }, ...others],
    ];
    for (const each of given) {
      const match = matchWeights(expected, each);
      expect(match.leftOff).toBeUndefined();
      expect(match.missing.length).toBeGreaterThan(0);
    }
    expect(message(others)).toBe(
      "InceptError [weights/missing]: w.safetensors lacks 3 of 3 parameters: " +
        "inception_3a.b3.1.weight, inception_3a.b3.1.bias, classifier.weight " +
        '(its names begin with "module.")\n' +
        '  help: rename with {"module": ""}: a file for --rename, or rename in load',
    );
  });

  it("stays where there are two: both are named", () => {
    const given = [...prefixed("model."), ...prefixed("model.ema.")];
    const match = matchWeights(expected, given);
    expect(match.found.size).toBe(0);
    expect(match.rivals).toEqual(["model.", "model.ema."]);
    expect(message(given)).toMatch(
      /lacks 3 of 3 .* \(its names begin with "model\." and with "model\.ema\."\)\n {2}help: rename with \{"model": ""\} or \{"model\.ema": ""\}: a file/,
    );
    const many = ["a.", "b.", "c.", "d."].flatMap(prefixed);
    expect(message(many)).toContain('with "c.", …)');
  });

  it("may be one that the file lacks, which is told", () => {
    const inner = expected.map(({ name, shape }) => tensor(`net.${name}`, ...shape));
    const match = matchWeights(inner, [...expected]);
    expect(match.prefix).toEqual({ "": "net" });
    expect(matchWeights(inner, expected, { rename: { "": "net" } }).found.size).toBe(3);
    expect(() => requireMatch(match, "w")).toThrow(
      'lack the "net." that the network\'s begin with',
    );
  });

  it("is only named where it serves: with the same shapes, for half of what is missing", () => {
    const others = expected.map(({ name }) => tensor(`module.${name}`, 7));
    expect(matchWeights(expected, others).prefix).toBeUndefined();
    expect(matchWeights(expected, prefixed("module.").slice(0, 1)).prefix).toBeUndefined();
    expect(matchWeights(expected, expected).prefix).toBeUndefined();
  });

  it("of a hundred thousand that each lack a tensor is found out at once", () => {
    const [first, ...others] = expected as [NamedShape, ...NamedShape[]];
    const given = Array.from({ length: 100_000 }, (_, i) => ({
      ...first,
      name: `p${i}.${first.name}`,
    }));
    const whole = others.map((one) => ({ ...one, name: `p7.${one.name}` }));
    expect(matchWeights(expected, [...given, ...whole]).leftOff).toBe("p7.");
  }, 60_000);
});

describe("a checkpoint of something else", () => {
  it("is told by what it has", () => {
    const given = [tensor("a", 3, 4), tensor("b\x1b[2J"), tensor("c", 1), tensor("d", 2)];
    expect(message(given)).toContain("; it has 4 tensors: a [3, 4], b\\x1b[2J [], c [1], …");
    expect(message([])).toMatch(/; it has no tensors$/);
    expect(message([tensor("x", ...Array<number>(99).fill(1))])).toContain(
      "it has 1 tensor: x [1, 1,",
    );
  });

  it("takes no integers, booleans or unknown types for weights", () => {
    for (const dtype of ["I8", "BOOL", "F8_E4M3", "C64", "F31"]) {
      expect(message(expected.map((one) => ({ ...one, dtype })))).toBe(
        "InceptError [weights/dtype]: w.safetensors: inception_3a.b3.1.weight is " +
          `${dtype}, expected F32, F16, BF16 or F64 (and 2 more)`,
      );
    }
    for (const dtype of ["F32", "F16", "BF16", "F64"]) {
      expect(message(expected.map((one) => ({ ...one, dtype })))).toBe("fits");
    }
  });

  it("may have anything that nobody asks for", () => {
    const odd = { ...tensor("pos", 1), dtype: "C64" };
    expect(message([...expected, odd])).toBe("fits");
    expect(matchWeights(expected, [...expected, odd]).unused).toEqual(["pos"]);
  });
});

describe("a rename map", () => {
  it("may bring only one tensor to a parameter", () => {
    const given = [tensor("fc.weight", 10, 128), ...expected];
    expect(message(given, { rename: { fc: "classifier" } })).toBe(
      "InceptError [weights/rename]: w.safetensors has 2 tensors for classifier.weight: " +
        "fc.weight, classifier.weight\n  help: rename only one of them to it",
    );
    const swapped = { fc: "classifier", classifier: "fc" };
    expect(message(given, { rename: swapped })).toBe("fits");
    // Where the network has no such parameter it is of no account.
    expect(message([...expected, tensor("a", 1), tensor("b", 1)], { rename: { a: "b" } })).toBe(
      "fits",
    );
  });

  it("is told which of its entries match nothing", () => {
    const rename = { modul: "x", "classifier.weight": "classifier.weight", "a\nb": "y" };
    expect(matchWeights(expected, expected, { rename }).unusedRenames).toEqual(["modul", "a\nb"]);
    expect(message(expected.slice(1), { rename })).toMatch(
      /lacks 1 of 3 .*; it has nothing to rename by "modul", "a\\nb"$/,
    );
    const counted = [...expected, tensor("bn.num_batches_tracked")];
    expect(matchWeights(expected, counted, { rename: { bn: "x" } }).unusedRenames).toEqual([]);
  });

  it("helps to find the nearest name by what it makes of it", () => {
    const given = [...expected.slice(0, 2), tensor("fc.weight", 10, 128)];
    const [lacking] = matchWeights(expected, given, { rename: { fc: "clasifier" } }).missing;
    expect(lacking?.nearest).toBe("fc.weight");
  });
});

it("fits 300,000 tensors to 3,000 parameters, none of which it finds, at once", () => {
  const wanted = Array.from({ length: 3000 }, (_, i) => tensor(`a.block${i}.conv.weight`, 16));
  const given = Array.from({ length: 300_000 }, (_, i) => tensor(`b.layer${i}.conv.weight`, 16));
  const rename = Object.fromEntries(given.slice(0, 2000).map(({ name }) => [`${name}x`, "y"]));
  const match = matchWeights(wanted, given, { rename });
  expect([match.missing.length, match.unused.length]).toEqual([3000, 300_000]);
  expect(match.unusedRenames).toHaveLength(2000);
}, 60_000);
