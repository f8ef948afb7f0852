import { expect, test } from "vitest";
import { diagnostic } from "../../src/diagnostics/catalogue.js";
import type { Source } from "../../src/diagnostics/diagnostic.js";
import { Diagnostics } from "../../src/diagnostics/diagnostics.js";

const warn = (text: string) => {
  const source: Source = { path: "a.incept", text };
  const start = text.indexOf("b5");
  const params = { branch: "b5", size: "5x5" };
  return diagnostic("style/branch-kernel", params, { span: { source, start, end: start + 2 } });
};
const error = (source: Source, start: number) =>
  diagnostic("syntax/quotes", {}, { span: { source, start, end: start + 1 } });

const kept = (text: string): number => {
  const sink = new Diagnostics();
  sink.add(warn(text));
  return sink.sorted().length;
};

test("a warning is silenced by its code and a reason on the row before, and by nothing else", () => {
  expect(kept("b5: x")).toBe(1);
  expect(kept("  // allow style/branch-kernel: as torchvision has it\n  b5: x")).toBe(0);
  expect(kept("// allow style/branch-kernel: so\r\n// allow style/other: so\r\nb5: x")).toBe(0);
  expect(kept("// allow style/branch-kernel:\nb5: x")).toBe(1);
  expect(kept("// allow style/branch-kernel\nb5: x")).toBe(1);
  expect(kept("// allow style/linear-chain: other code\nb5: x")).toBe(1);
  expect(kept("// allow style/branch-kernel: too far\n\nb5: x")).toBe(1);
});

test("an error is never silenced", () => {
  const source = { path: "a.incept", text: "// allow syntax/quotes: please\n'x'" };
  const sink = new Diagnostics();
  sink.add(error(source, 31));
  expect(sink.hasErrors).toBe(true);
});

test("findings come by path and place, the same one once", () => {
  const a = { path: "a.incept", text: "0123456789" };
  const b = { path: "b.incept", text: "0123456789" };
  const sink = new Diagnostics();
  sink.add(error(b, 1), error(a, 5), error(a, 2), error(a, 5));
  expect(sink.sorted().map(({ span }) => span.source.path + String(span.start))).toEqual([
    "a.incept2",
    "a.incept5",
    "b.incept1",
  ]);
});

test("a sink with warnings only has no errors", () => {
  const sink = new Diagnostics();
  sink.add(warn("b5: x"));
  expect(sink.hasErrors).toBe(false);
});
