/** `explain --compare`: what networks cost, side by side. */
import { expect, test } from "vitest";
import { comparisonText, type Compared } from "../../src/cli/explain/comparison.js";
import { inceptc } from "../support/cli.js";

const googlenet = "examples/googlenet/googlenet.incept";
const alexnet = "examples/alexnet/alexnet.incept";

test("--compare has a row for each spec, and what each is beside the first", () => {
  const { stdout, status } = inceptc(["explain", googlenet, "--compare", alexnet]);
  expect(status).toBe(0);
  const rows = stdout.trimEnd().split("\n");
  expect(rows[0]).toMatch(/^network +input +parameters +MACs +weights +arena$/);
  expect(rows[1]).toMatch(
    /^GoogLeNet +3 x 224x224 +6,998,552 +1,582\.7 M +[\d.]+ MiB +[\d.]+ MiB$/,
  );
  expect(rows[2]).toMatch(/^AlexNet +3 x 224x224 +61,100,840 +714\.2 M +[\d.]+ MiB +[\d.]+ MiB$/);
  expect(rows[4]).toBe("AlexNet beside GoogLeNet: 8.73x the parameters, 0.451x the multiply-adds");
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(80);
});

test("--compare --json tells the same of each, and bytes as they are", () => {
  const { stdout } = inceptc(["explain", "--json", "--compare", googlenet, alexnet]);
  const { networks } = JSON.parse(stdout) as { networks: Compared[] };
  expect(networks).toMatchObject([
    { spec: googlenet, model: "GoogLeNet", inputs: [[3, 224, 224]], parameters: 6_998_552 },
    { spec: alexnet, model: "AlexNet", inputs: [[3, 224, 224]], parameters: 61_100_840 },
  ]);
  for (const { parameters, weightBytes, arenaBytes } of networks) {
    // Weights are padded to whole blocks and lines, and are no copies; of 9 Winograd's tiles make 36.
    expect(weightBytes).toBeGreaterThanOrEqual(4 * parameters);
    expect(weightBytes).toBeLessThan(4.4 * 4 * parameters);
    expect(arenaBytes).toBeGreaterThan(0);
  }
});

test("several specs without --compare, one with it, and --measure alone are refused", () => {
  const refused = (...args: string[]): string => {
    const { status, stderr, stdout } = inceptc(["explain", ...args]);
    expect([status, stdout]).toEqual([2, ""]);
    return stderr;
  };
  expect(refused(googlenet, alexnet)).toMatch(/one spec at a time.*--compare/s);
  expect(refused(googlenet, "--compare")).toMatch(/at least two specs/);
  expect(refused(googlenet, "--measure")).toMatch(/--measure.*--compare/s);
  expect(refused(googlenet, "--compare", alexnet, "--memory")).toMatch(/cannot be used with/);
});

const network = (spec: string, model: string, milliseconds?: number): Compared => ({
  spec,
  model,
  inputs: [[3, 32, 32]],
  parameters: 10,
  macs: 0,
  weightBytes: 64,
  arenaBytes: 64,
  ...(milliseconds === undefined ? {} : { milliseconds }),
});

test("networks that are called alike are told apart by their files", () => {
  const text = comparisonText([network("a/one.incept", "Net"), network("b/two.incept", "Net")]);
  expect(text).toMatch(/^one /m);
  expect(text).toContain("two beside one: 1.00x the parameters");
  const files = comparisonText([network("a/one.incept", "Net"), network("b/one.incept", "Net")]);
  expect(files).toContain("b/one.incept beside a/one.incept");
});

test("measured times have a column and a ratio; nothing is divided by none", () => {
  const text = comparisonText([network("a", "A", 2), network("b", "B", 3)]);
  expect(text).toContain("one image");
  expect(text).toContain("2.0 ms");
  expect(text.split("\n").at(-1)).toBe("B beside A: 1.00x the parameters, 1.50x the time");
});
