import { describe, expect, it } from "vitest";
import { buildGraph } from "../../../src/graph/build.js";
import { checkFile } from "../../../src/model/check-file.js";
import { exampleSpec, builtExamples, judgedAsSpecs } from "../../support/examples.js";
import { check } from "../../support/check.js";
import { randomNetwork } from "../../support/networks.js";
import { faults, raised } from "./support.js";

describe.each([true, false])("with names of the file: %s", (hinted) => {
  it.each([...builtExamples, ...judgedAsSpecs])("raises %s to text of the same graph", (name) => {
    const { network } = checkFile(exampleSpec(name));
    const graph = buildGraph(network!);
    const text = raised(graph, hinted);
    expect(faults(graph, text), text).toEqual([]);
  });

  it("raises random networks", () => {
    for (let seed = 0; seed < 60; seed++) {
      const { network } = check(randomNetwork(seed));
      if (network === undefined) continue;
      const graph = buildGraph(network);
      const text = raised(graph, hinted);
      expect(faults(graph, text), `seed ${seed}\n${text}`).toEqual([]);
    }
  });
});
