import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildGraph } from "../../../src/graph/build.js";
import { checkFile } from "../../../src/model/check-file.js";
import { raise } from "../../../src/import/raise/raise.js";
import { exampleSpec, builtExamples, judgedAsSpecs } from "../../support/examples.js";
import { check, checked } from "../../support/check.js";
import { randomNetwork } from "../../support/networks.js";
import { faults, importedOf, type Naming, raised } from "./support.js";

const namings: readonly Naming[] = ["weights", "steps", "nothing", "nonsense"];

describe.each(namings)("where the file names %s", (naming) => {
  it.each([...builtExamples, ...judgedAsSpecs])("raises %s to text of the same graph", (name) => {
    const graph = buildGraph(checkFile(exampleSpec(name)).network!);
    const text = raised(graph, naming);
    expect(faults(graph, text), text).toEqual([]);
  });

  it("raises random networks", () => {
    for (let seed = 0; seed < 30; seed++) {
      const { network } = check(randomNetwork(seed));
      if (network === undefined) continue;
      const graph = buildGraph(network);
      const text = raised(graph, naming);
      expect(faults(graph, text), `seed ${seed}\n${text}`).toEqual([]);
    }
  });
});

const fixtures = join(import.meta.dirname, "../../fixtures");
const sound = readdirSync(fixtures).flatMap((area) =>
  readdirSync(join(fixtures, area)).flatMap((name) => {
    const file = join(fixtures, area, name, "input.incept");
    if (!existsSync(file)) return [];
    const { network } = checkFile(file);
    return network === undefined ? [] : [{ name: `${area}/${name}`, network }];
  }),
);

it.each(sound)("raises the fixture $name", ({ network }) => {
  const graph = buildGraph(network, { aux: true });
  const text = raised(graph, "steps");
  expect(faults(graph, text), text).toEqual([]);
});

it("says the same text for the same graph", () => {
  const graph = buildGraph(checkFile(exampleSpec("inception-v3")).network!);
  expect(raised(graph, "weights")).toBe(raised(graph, "weights"));
});

it("lets nothing of a file become more than a name or a comment", () => {
  const graph = buildGraph(checked("model A { input x: f32[3, 8, 8] output y: relu }"));
  const comment = ["from evil.onnx\n} model B { }", "*/ \u202e \u2028 x"];
  const text = raise(importedOf(graph, "nonsense"), { name: 'a b"}{\n', comment });
  expect(text).toBe(
    "// from evil.onnx } model B { }\n// */     x\n\nmodel a_b {\n  input x: f32[3, 8, 8]\n\n  output y: relu\n}\n",
  );
});
