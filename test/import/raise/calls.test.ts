import { expect, it } from "vitest";
import { buildGraph } from "../../../src/graph/build.js";
import { operators, primitives } from "../../../src/ops/registry.js";
import { joins } from "../../../src/ops/joins/joins.js";
import { drawCases, families, specOf } from "../../judges/operators/cases.js";
import { checked } from "../../support/check.js";
import { Random } from "../../support/random.js";
import { faults, raised } from "./support.js";

it.each(Object.keys(families))("says %s again as the call that builds the same", (operator) => {
  for (let seed = 0; seed < 2; seed++) {
    const graph = buildGraph(checked(specOf(drawCases(new Random(seed), operator, 25))));
    const text = raised(graph, "nothing");
    expect(faults(graph, text), text).toEqual([]);
  }
});

it("has words for every primitive that operators build", () => {
  const spelt = [...operators.values()].flatMap(({ spelling }) =>
    spelling === "none" ? [] : [spelling].flat().map(({ primitive }) => primitive),
  );
  const all = [...primitives.keys()].filter((name) => !joins.has(name));
  expect(all.filter((name) => !spelt.includes(name))).toEqual([]);
});
