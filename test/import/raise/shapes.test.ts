import { expect, it } from "vitest";
import type { Graph } from "../../../src/graph/graph.js";
import { Random } from "../../support/random.js";
import { Sketch } from "./graphs.js";
import { faults, raised } from "./support.js";
import type { Value } from "../../../src/graph/value.js";

const expectSame = (graph: Graph): string => {
  const text = raised(graph, "nothing");
  expect(faults(graph, text), text.slice(0, 4000)).toEqual([]);
  return text;
};

it("names what is no fork of a single join, and says from", () => {
  const s = new Sketch();
  const [a, b] = [s.conv(s.input), s.conv(s.input)];
  const [c, d] = [s.sum(a, b), s.sum(s.relu(a), b)];
  expectSame(s.graph(s.sum(s.conv(c), d)));
});

it("raises an output that others read, one in the middle, two that are one value, and an input", () => {
  const s = new Sketch();
  const a = s.relu(s.conv(s.input));
  const b = s.conv(a);
  expectSame(s.graph(s.relu(b), a, a, s.input, b));
});

it("raises outputs in the order of the graph", () => {
  const s = new Sketch();
  const a = s.relu(s.conv(s.input));
  const b = s.relu(s.conv(a));
  const text = expectSame(s.graph(s.conv(b), s.conv(a), s.conv(s.input)));
  expect(text.match(/output o\d/g)).toEqual(["output o0", "output o1", "output o2"]);
});

it("cuts a ladder of joins into stages before it nests too deeply", () => {
  const s = new Sketch();
  let value: Value = s.conv(s.input);
  const rungs: Value[] = [];
  for (let i = 0; i < 100; i++) rungs.push((value = s.relu(s.conv(value))));
  for (const rung of rungs.toReversed()) value = s.sum(rung, s.relu(value));
  expectSame(s.graph(value));
});

it("raises a value that a thousand read", () => {
  const s = new Sketch();
  const hub = s.conv(s.input);
  const spokes = Array.from({ length: 1000 }, (_, i) => s.conv(hub, 1 + (i % 3)));
  expectSame(s.graph(s.beside(...spokes)));
});

it("raises dense sums, in which each reads all before it", () => {
  const s = new Sketch();
  const all: Value[] = [s.conv(s.input)];
  for (let i = 0; i < 40; i++) all.push(s.relu(s.sum(...all)));
  expectSame(s.graph(all.at(-1)!));
});

it("raises random graphs without any order in them", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = new Random(seed);
    const s = new Sketch();
    const values: Value[] = [s.input];
    for (let i = random.integer(2, 24); i > 0; i--) {
      const pick = (): Value => values[Math.max(0, values.length - 1 - random.integer(0, 4))]!;
      const kind = random.integer(0, 3);
      if (kind === 0) values.push(s.conv(pick()));
      else if (kind === 1) values.push(s.relu(pick()));
      else values.push(s.sum(...Array.from({ length: random.integer(2, 3) }, pick)));
    }
    const outputs = Array.from({ length: random.integer(1, 3) }, () =>
      random.pick(values.slice(1)),
    );
    expectSame(s.graph(...outputs, values.at(-1)!));
  }
});

it("raises ten thousand nodes", () => {
  const s = new Sketch();
  let value = s.conv(s.input);
  for (let i = 0; i < 2000; i++) {
    value = s.relu(s.sum(value, s.conv(s.relu(s.conv(value, 4 + (i % 5))))));
  }
  const text = raised(s.graph(value), "nothing");
  expect(text).toContain("module Residual(");
  expect(text.match(/Residual\(/g)!.length).toBe(2001);
});
