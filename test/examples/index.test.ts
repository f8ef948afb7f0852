/** The table of examples/README.md says what the specs come to. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { millions } from "../../src/diagnostics/counted.js";
import { buildGraph } from "../../src/graph/build.js";
import { readSource } from "../../src/model/sources/files.js";
import { totalsOf } from "../../src/plan/report.js";
import { judgedAsSpecs } from "../support/examples.js";
import { networkOf } from "../support/network.js";

const page = readFileSync("examples/README.md", "utf8");
const table = /<!-- family:begin -->([^]*)<!-- family:end -->/.exec(page)?.[1] ?? "";
/** The cells of each row: network, paper, parameters, multiply-adds, input, top-1 and its source. */
const rows = table
  .trim()
  .split("\n")
  .slice(2)
  .map((row) => row.split("|").map((cell) => cell.trim()))
  .map(([, ...cells]) => cells);
const nameOf = (cell = ""): string => /^\[(.+)\]\(\1\)$/.exec(cell)?.[1] ?? cell;
const names = rows.map(([name]) => nameOf(name));

test("the family is there, each once", () => {
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining([...judgedAsSpecs, "googlenet", "inception-v3", "inception-resnet-v2"]),
  );
});

test.each(rows)("%s", (name, _paper, parameters, macs, input) => {
  const network = networkOf(readSource(`examples/${nameOf(name)}/${nameOf(name)}.incept`));
  const totals = totalsOf(buildGraph(network));
  expect([parameters, macs, input]).toEqual([
    totals.parameters.toLocaleString("en-US"),
    millions(totals.macs),
    network.inputs[0].shape.slice(1).join("x"),
  ]);
});

test("what is said of AlexNet and GoogLeNet is so", () => {
  const [google, alex] = ["googlenet", "alexnet"].map((name) => {
    const network = networkOf(readSource(`examples/${name}/${name}.incept`));
    return totalsOf(buildGraph(network));
  });
  expect(Math.round(alex!.parameters / google!.parameters)).toBe(9);
  expect((google!.macs / alex!.macs).toFixed(1)).toBe("2.2");
  for (const { parameters, macs } of [google!, alex!]) {
    expect(page).toContain(parameters.toLocaleString("en-US"));
    expect(page).toContain(millions(macs));
  }
});
