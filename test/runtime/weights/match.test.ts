import { describe, expect, it } from "vitest";
import { matchWeights, type NamedShape, requireMatch } from "../../../src/runtime/weights/match.js";

const tensor = (name: string, ...shape: number[]): NamedShape => ({ name, shape });
const expected = [
  tensor("inception_3a.b3.1.weight", 128, 96, 3, 3),
  tensor("inception_3a.b3.1.bias", 128),
  tensor("classifier.weight", 10, 128),
];
const message = (given: NamedShape[], options = {}): string => {
  try {
    requireMatch(matchWeights(expected, given, options), "w.safetensors");
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
