import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  float32Tensor,
  type StoredTensor,
  writeSafetensors,
} from "../../src/checkpoints/safetensors/write.js";
import { craft } from "../checkpoints/safetensors/reader-cases.js";
import { inceptc, type Ran } from "../support/cli.js";

const folder = mkdtempSync(join(tmpdir(), "incept-weights-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);

const spec = file("tiny.incept");
writeFileSync(
  spec,
  "model Tiny { input x: f32[3, 2, 2] output y: conv(1x1, 3, norm: batchnorm) as c }",
);

const floats = (shape: readonly number[], fill = 1): StoredTensor =>
  float32Tensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(fill));

const tensors: Readonly<Record<string, StoredTensor>> = {
  "c.conv.weight": floats([3, 3, 1, 1]),
  "c.bn.weight": floats([3]),
  "c.bn.bias": floats([3]),
  "c.bn.running_mean": floats([3]),
  "c.bn.running_var": floats([3]),
};

async function held(
  of: Readonly<Record<string, StoredTensor>>,
  rename?: object | string,
  ...more: string[]
): Promise<Ran> {
  const checkpoint = file("w.safetensors");
  await writeSafetensors(checkpoint, new Map(Object.entries(of)));
  const map = typeof rename === "string" ? rename : JSON.stringify(rename);
  if (rename !== undefined) writeFileSync(file("map.json"), map);
  const flags = rename === undefined ? [] : ["--rename", file("map.json")];
  return inceptc(["weights", spec, checkpoint, ...flags, ...more]);
}

const named = (to: (name: string) => string): Readonly<Record<string, StoredTensor>> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [to(name), tensor]));

describe("weights", () => {
  test("lists names and shapes", () => {
    expect(inceptc(["weights", spec]).stdout).toBe(
      "c.conv.weight      3 x 3 x 1 x 1\n" +
        "c.bn.weight        3\n" +
        "c.bn.bias          3\n" +
        "c.bn.running_mean  3\n" +
        "c.bn.running_var   3\n" +
        "5 tensors, 15 parameters\n",
    );
  });

  test.each([
    ["--rename", "map.json"],
    ["--key", "model"],
    ["--by-order"],
    ["-o", "w.safetensors"],
  ])("%s without a checkpoint is refused", (...flag) => {
    const { status, stderr } = inceptc(["weights", spec, ...flag]);
    expect(status).toBe(2);
    expect(stderr).toContain("is for a checkpoint, and there is none.");
  });

  test("a checkpoint that fits: exit 0; one that does not: exit 1 and why", async () => {
    const fits = await held(tensors);
    expect([fits.status, fits.stdout]).toEqual([0, "✔ all 5 tensors are there and fit\n"]);
    const not = await held({
      ...named((name) => name.replace("bias", "bais")),
      "head.w": floats([2, 9]),
    });
    expect(not.status).toBe(1);
    expect(not.stdout).toMatch(/missing {2}c\.bn\.bias +\[3\] {2}nearest: c\.bn\.bais/);
    expect(not.stdout).toMatch(/unused {3}head\.w +\[2, 9\] F32/);
    expect(not.stdout).toMatch(/\n✖ 4 of 5 tensors fit\n$/);
  });

  test("-o writes what fits under the spec's names, and nothing where something does not", async () => {
    const out = file("out.safetensors");
    const wrapped = named((name) => `module.${name}`);
    const lacking = Object.fromEntries(Object.entries(wrapped).slice(1));
    expect((await held(lacking, undefined, "-o", out)).status).toBe(1);
    expect(existsSync(out)).toBe(false);
    expect((await held(wrapped, { module: "" }, "-o", out)).status).toBe(0);
    expect(inceptc(["weights", spec, out]).stdout).toBe("✔ all 5 tensors are there and fit\n");
  });

  test("a common prefix: left off and noted, or stripped by a map", async () => {
    const out = file("out.safetensors");
    const wrapped = named((name) => `module.${name}`);
    const told = await held(wrapped, undefined, "-o", out);
    expect([told.status, told.stdout]).toEqual([
      0,
      '  note: the checkpoint\'s names begin with "module.", which was left off\n' +
        "✔ all 5 tensors are there and fit\n" +
        `✔ wrote ${out}: 5 tensors\n`,
    ]);
    expect(inceptc(["weights", spec, out]).stdout).toBe("✔ all 5 tensors are there and fit\n");
    const json = await held(wrapped, undefined, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ fits: true, leftOff: "module." });
    for (const map of [{ module: "" }, { "module.": "" }]) {
      expect((await held(wrapped, map)).stdout).toBe("✔ all 5 tensors are there and fit\n");
    }
  });

  test("two prefixes that each would serve: both are named", async () => {
    const both = { ...named((name) => `ema.${name}`), ...named((name) => `model.${name}`) };
    const { status, stdout } = await held(both);
    expect(status).toBe(1);
    expect(stdout).toContain(
      'its names begin with "ema." and with "model.": rename with {"ema": ""} or {"model": ""}\n',
    );
    expect((await held(both, { model: "" })).status).toBe(0);
  });

  test("two tensors that come to one parameter", async () => {
    const { status, stdout } = await held(
      { "conv1.weight": floats([3, 3, 1, 1]), ...tensors },
      {
        conv1: "c.conv",
      },
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(/twice {2}c\.conv\.weight {2}conv1\.weight, c\.conv\.weight\n/);
  });

  test("entries of the map that match nothing", async () => {
    const { status, stdout } = await held(tensors, { modul: "x" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/rename {2}modul {2}matches no tensor\n✔ all 5/);
  });

  test("patterns: what * stood for is put where it stands in the target", async () => {
    const other = named((name) => name.replace(/^c\.(\w+)\./, "block.0.$1_1."));
    const { status, stdout } = await held(other, { "block.*.*_1": "c.$2", "blok.*": "x" });
    expect([status, stdout]).toEqual([
      0,
      "  rename  blok.*  matches no tensor\n✔ all 5 tensors are there and fit\n",
    ]);
    const clash = await held(
      { ...other, "block.1.bn_1.bias": floats([3]) },
      { "block.*.*_1": "c.$2" },
    );
    expect(clash.status).toBe(1);
    expect(clash.stdout).toMatch(
      /twice {2}c\.bn\.bias {2}block\.0\.bn_1\.bias, block\.1\.bn_1\.bias\n/,
    );
  });

  test("--by-order: the pairs side by side, written by the spec's names; never with a map", async () => {
    const other = named((name) => name.replace(/^c\.conv/, "0").replace(/^c\.bn/, "1"));
    const out = file("ordered.safetensors");
    const { status, stdout } = await held(other, undefined, "--by-order", "-o", out);
    expect([status, stdout]).toEqual([
      0,
      "  c.conv.weight      [3, 3, 1, 1]  0.weight        [3, 3, 1, 1]\n" +
        "  c.bn.weight        [3]           1.weight        [3]\n" +
        "  c.bn.bias          [3]           1.bias          [3]\n" +
        "  c.bn.running_mean  [3]           1.running_mean  [3]\n" +
        "  c.bn.running_var   [3]           1.running_var   [3]\n" +
        "✔ all 5 tensors are there and fit\n" +
        `✔ wrote ${out}: 5 tensors\n`,
    ]);
    expect(inceptc(["weights", spec, out]).stdout).toBe("✔ all 5 tensors are there and fit\n");
    const both = await held(other, { 0: "c.conv" }, "--by-order");
    expect([both.status, both.stderr]).toEqual([
      2,
      "InceptError [args/conflict]: --by-order and --rename exclude one another: the one goes by no names.\n" +
        "  help: leave one of them out\n",
    ]);
    const wrong = { ...other, "1.bias": floats([4]) };
    const refused = await held(wrong, undefined, "--by-order", "-o", file("none.safetensors"));
    expect(refused.status).toBe(1);
    expect(refused.stdout).toMatch(
      /has 1\.bias where the spec has c\.bn\.bias, the 3rd of 5:\n[^]*\n✖ 2 of 5 tensors fit\n$/,
    );
    expect(existsSync(file("none.safetensors"))).toBe(false);
    const json = await held(wrong, undefined, "--by-order", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ fits: false, order: { wrong: 2 } });
  });

  test("integers in place of weights", async () => {
    const bytes = new Uint8Array(9);
    const integers = { dtype: "I8", shape: [3, 3, 1, 1], bytes } as const;
    const { status, stdout } = await held({ ...tensors, "c.conv.weight": integers });
    expect(status).toBe(1);
    expect(stdout).toMatch(/dtype {2}c\.conv\.weight {2}I8, expected F32, F16, BF16 or F64\n/);
  });

  test("values that give no results, of which tensor and how many", async () => {
    const odd = {
      ...tensors,
      "c.conv.weight": floats([3, 3, 1, 1], NaN),
      "c.bn.bias": floats([3], -Infinity),
      "c.bn.running_mean": floats([3], -1),
      "c.bn.running_var": floats([3], -1e-3),
    };
    const { status, stdout } = await held(odd);
    expect(status).toBe(1);
    expect(stdout).toBe(
      "  values  c.conv.weight     9 NaN\n" +
        "  values  c.bn.bias         3 infinite\n" +
        "  values  c.bn.running_var  3 negative variances\n" +
        "✖ 5 of 5 tensors fit, 3 of them with values that give no results\n",
    );
    const json = await held(odd, undefined, "--json");
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      fits: false,
      missing: [],
      values: [
        { tensor: "c.conv.weight", nan: 9, infinite: 0, negative: 0 },
        { tensor: "c.bn.bias", nan: 0, infinite: 3, negative: 0 },
        { tensor: "c.bn.running_var", nan: 0, infinite: 0, negative: 3 },
      ],
    });
  });

  test("types that nobody asks for, counters and absent metadata are no matter", () => {
    const header = { __metadata__: null, pos: { dtype: "C64", shape: [1], data_offsets: [0, 8] } };
    writeFileSync(file("odd.safetensors"), craft(JSON.stringify(header), 8));
    const { status, stdout } = inceptc(["weights", spec, file("odd.safetensors")]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/unused {3}pos +\[1\] C64\n✖ 0 of 5 tensors fit\n$/);
  });

  test("another kind of file: what it is, and the line that converts it", () => {
    writeFileSync(file("w.npz"), `PK\x03\x04${"\0".repeat(22)}\x05\0\0\0c.npy${"\0".repeat(99)}`);
    const { status, stderr } = inceptc(["weights", spec, "w.npz"], { cwd: folder });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^InceptError \[weights\/format\]: w\.npz is a NumPy archive/);
    expect(stderr).toContain("help: convert it: python -c");
  });
});

describe("a rename map that is none", () => {
  test.each<[what: string, map: string, text: string]>([
    ["a list", '["a"]', "expected an object at line 1, column 1"],
    ["cut off", '{\n  "a": "b"', "line 2, column 11"],
    ["a name twice", '{"a": "b",\n "\\u0061": "c"}', 'it has "a" twice at line 2'],
    ["a name twice, once with a dot", '{"a": "b", "a.": "c"}', "once with a dot at the end"],
    [
      "a pattern whose target has too many",
      '{\n  "a.*": "b.*.*"\n}',
      'expected no second *, since the name has one, at character 5 of "b.*.*" at line 2, column 17',
    ],
    ["a number", '{"a": 1}', "expected a string at line 1, column 7"],
    [
      "control characters",
      '{"\\u001b]0;x\\u0007\\u202e": "", "\\u001b]0;x\\u0007\\u202e": ""}',
      "\\x1b]0;x\\x07\\u202e",
    ],
    ["deep", '{"a":'.repeat(100_000), "expected a string"],
  ])("%s", async (_, map, text) => {
    const { status, stderr } = await held(tensors, map);
    expect(status).toBe(2);
    expect(stderr).toContain("[weights/rename]");
    expect(stderr).toContain(text);
  });
});

test("no name of a checkpoint, a map or a file reaches the terminal as a command", async () => {
  const evil = "\x1b]0;evil\x07\x9b2J\u202e\n✔ all fit";
  const tensor = { ...floats([7]), dtype: "F32" } as const;
  const wrapped = { ...named((name) => `${evil}.${name}`), [evil]: tensor };
  const checkpoint = { ...wrapped, ...named((name) => `y${evil}.${name}`) };
  const commands = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|^✔/m;
  for (const flags of [[], ["--json"]]) {
    const { status, stdout, stderr } = await held(checkpoint, { [`x${evil}`]: evil }, ...flags);
    expect(status).toBe(1);
    expect(stdout).toContain("\\u202e");
    expect(stdout + stderr).not.toMatch(commands);
  }
  const fitting = await held(wrapped);
  expect(fitting.status).toBe(0);
  const own = "✔ all 5 tensors are there and fit\n";
  expect(fitting.stdout.slice(-own.length)).toBe(own);
  expect(fitting.stdout.slice(0, -own.length)).not.toMatch(commands);
  const row = evil.replace("\n", "");
  const hostile = join(folder, `${row}.safetensors`);
  await writeSafetensors(hostile, new Map(Object.entries(checkpoint)));
  const inputs = ["--inputs", hostile, "--outputs", file("out.safetensors")];
  for (const args of [
    ["run", spec, "--weights", "random:1", ...inputs],
    ["weights", spec, `${hostile}.absent`],
    ["weights", `${hostile}.incept`],
    [row],
    ["weights", `--${row}`],
    ["weights", spec, "--set", row],
  ]) {
    const { status, stdout, stderr } = inceptc(args);
    expect([args[0], status]).not.toEqual([args[0], 0]);
    expect(status, stderr).not.toBe(70);
    expect(stdout + stderr).not.toMatch(commands);
  }
});
