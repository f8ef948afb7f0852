import { execFileSync } from "node:child_process";
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { typesAreStale, writeTypes } from "../../src/build/deliver/types.js";
import { declarationFile } from "../../src/emit/types.js";
import { checkFile } from "../../src/model/check-file.js";
import type { Network } from "../../src/model/network.js";

const folder = mkdtempSync(join(tmpdir(), "incept-declarations-"));
afterAll(() => rmSync(folder, { recursive: true }));
const spec = join(folder, "net.incept");

function check(text: string, set: Record<string, string> = {}): Network {
  writeFileSync(spec, text);
  const { network, diagnostics } = checkFile(spec, { set });
  if (network === undefined) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  return network;
}

const declared = (text: string, set?: Record<string, string>): string =>
  readFileSync(writeTypes(spec, check(text, set)), "utf8");

/** Of inputs, outputs and stages. */
const rows = (text: string): string[] => within(text, "inputs", "parameters");

const within = (text: string, from: string, to = "};\n\n"): string[] =>
  declared(text)
    .split(`readonly ${from}: {`)[1]!
    .split(to)[0]!
    .split("\n")
    .filter((row) => row.startsWith("    readonly"))
    .map((row) => row.trim());

describe("the declarations of a spec", () => {
  it("read as a whole like this", () => {
    const text = `
      /// Two rows,
      /// of which one ends here: */ export const hacked = 1;
      model Net(classes = 10) {
        /// Any picture.
        input image: f32[3, 8, 8]
        stem: conv(3x3, 4, act: relu)
        /// Likelihoods.
        output prob: globalavgpool -> linear(classes) -> softmax
      }`;
    expect(declared(text))
      .toBe(`// Written by inceptc from net.incept: the network's names and shapes, no code.
import type { NetworkModule } from "inceptc";

/** Shapes leave the batch out. A \`number\` depends on a parameter of the model. */
export type Network = {
  readonly name: "Net";
  /** What \`set\` takes. */
  readonly settings: {
    readonly classes: number;
  };
  readonly inputs: {
    /** Any picture. */
    readonly image: readonly [3, 8, 8];
  };
  readonly outputs: {
    /** Likelihoods. */
    readonly prob: readonly [number];
  };
  readonly stages: {
    readonly stem: readonly [4, 8, 8];
  };
  /** Auxiliary heads, for training alone. */
  readonly aux: Record<never, never>;
  /** The weights; \`load\` does without those of auxiliary heads. */
  readonly parameters: {
    readonly "stem.weight": readonly [4, 3, 3, 3];
    readonly "stem.bias": readonly [4];
    readonly "prob.1.weight": readonly [number, 4];
    readonly "prob.1.bias": readonly [number];
  };
};

/**
 * Two rows,
 * of which one ends here: *\\/ export const hacked = 1;
 */
declare const net: NetworkModule<Network>;
export default net;
`);
  });

  it("have the auxiliary heads, and losses where they are not the usual ones", () => {
    const text = (train: string): string => `model Net(classes = 10) {
      input image: f32[3, 8, 8]
      stem: conv(3x3, 4, act: relu)
      /// Helps.
      aux head(like: prob): globalavgpool -> linear(classes)
      output prob: globalavgpool -> linear(classes)
      output box: globalavgpool -> linear(4)
      ${train}
    }`;
    expect(within(text(""), "aux", "parameters")).toEqual(["readonly head: readonly [number];"]);
    expect(declared(text("train { batch: 4 }"))).not.toContain("losses");
    const losses = "train { loss: { prob: cross_entropy, box: mean_squared_error } }";
    expect(within(text(losses), "losses", "parameters")).toEqual([
      'readonly prob: { readonly kind: "cross_entropy" };',
      'readonly box: { readonly kind: "mean_squared_error" };',
    ]);
    const one = "train { loss: { prob: cross_entropy } }";
    expect(within(text(one), "losses", "parameters")).toEqual([
      'readonly prob: { readonly kind: "cross_entropy" };',
    ]);
  });

  it("have the settings, each of the kind that it keeps", () => {
    const text = `model Net(n = 4, k = 3x3, b = true) {
      input image: f32[3, 8, 8]
      output a: conv(k, n, pad: same, bias: b)
    }`;
    expect(within(text, "settings", "inputs")).toEqual([
      "readonly n: number;",
      "readonly k: { readonly height: number; readonly width: number };",
      "readonly b: boolean;",
    ]);
    const none = "model Net { input image: f32[3, 8, 8] output a: relu }";
    expect(declared(none)).toContain("readonly settings: Record<never, never>;");
    expect(declared(none)).toContain("readonly parameters: Record<never, never>;");
  });

  it("have weights of any number where a parameter says how many, and of any name where it says which", () => {
    const text = `module Block(c) { conv(1x1, c) -> repeat(2) { conv(1x1, in) } }
      model Net(n = 4, r = 2, k = 3x3, b = true) {
        input image: f32[3, 8, 8]
        first: conv(3x3, 4, bias: b) as "a/b"
        second: conv(3x3, 4, norm: batchnorm(affine: b))
        body: repeat(r) { Block(6) -> repeat(r) { residual { conv(1x1, in) as "own" } } }
        tail: depthwise(k, pad: same) -> conv(1x1, n, groups: 2, bias: false) -> batchnorm as "bn"
        aux loss: linear(3)
        output y: globalavgpool -> linear(n)
      }`;
    expect(within(text, "parameters")).toEqual([
      "readonly [name: `a/b.${string}`]: readonly number[];",
      "readonly [name: `second.${string}`]: readonly number[];",
      "readonly [name: `body.${number}.0.0.weight`]: readonly number[];",
      "readonly [name: `body.${number}.0.0.bias`]: readonly number[];",
      "readonly [name: `body.${number}.0.1.0.weight`]: readonly number[];",
      "readonly [name: `body.${number}.0.1.0.bias`]: readonly number[];",
      "readonly [name: `body.${number}.0.1.1.weight`]: readonly number[];",
      "readonly [name: `body.${number}.0.1.1.bias`]: readonly number[];",
      "readonly [name: `body.${number}.1.${number}.own.weight`]: readonly number[];",
      "readonly [name: `body.${number}.1.${number}.own.bias`]: readonly number[];",
      'readonly "tail.0.weight": readonly [6, 1, number, number];',
      'readonly "tail.0.bias": readonly [6];',
      'readonly "tail.1.weight": readonly [number, 3, 1, 1];',
      'readonly "bn.weight": readonly [number];',
      'readonly "bn.bias": readonly [number];',
      'readonly "bn.running_mean": readonly [number];',
      'readonly "bn.running_var": readonly [number];',
      'readonly "loss.weight": readonly [3, number];',
      'readonly "loss.bias": readonly [3];',
      'readonly "y.1.weight": readonly [number, number];',
      'readonly "y.1.bias": readonly [number];',
    ]);
  });

  it("find a dimension that a stride's rounding hides at first", () => {
    const text = `model Net(size = 32) {
      input image: f32[3, size, 32]
      a: maxpool(4x4/4)
      output b: maxpool(8x8/8)
    }`;
    expect(rows(text)).toEqual([
      "readonly image: readonly [3, number, 32];",
      "readonly b: readonly [3, number, 1];",
      "readonly a: readonly [3, number, 8];",
    ]);
  });

  it("try another value where the next does not fit", () => {
    const text = `model Net(groups = 2) {
      input image: f32[12, 4, 4]
      output a: conv(1x1, groups * 6, groups: groups)
    }`;
    expect(rows(text)[1]).toBe("readonly a: readonly [number, 4, 4];");
  });

  it("keep the dimensions that booleans and windows do not touch", () => {
    const text = `model Net(k = 3x3, b = true) {
      input image: f32[3, 8, 8]
      output a: conv(k, 4, pad: 1, bias: b)
    }`;
    expect(rows(text)[1]).toBe("readonly a: readonly [4, number, number];");
  });

  it("do not depend on what is set now", () => {
    const text = `model Net(n = 4) {
      input image: f32[3, 8, 8]
      output a: conv(1x1, n)
    }`;
    expect(declared(text, { n: "9" })).toBe(declared(text));
  });

  it("are left alone while they hold, and known to be stale when they do not", () => {
    const model = (n: number): string =>
      `model Net { input image: f32[3, 8, 8] output a: conv(1x1, ${n}) }`;
    const file = writeTypes(spec, check(model(4)));
    utimesSync(file, 1, 1);
    writeTypes(spec, check(model(4)));
    expect(statSync(file).mtimeMs).toBe(1000);
    expect(typesAreStale(spec, check(model(4)))).toBe(false);
    expect(typesAreStale(spec, check(model(5)))).toBe(true);
    // Checked out by Git with the line ends of Windows.
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("\n", "\r\n"));
    utimesSync(file, 1, 1);
    writeTypes(spec, check(model(4)));
    expect(statSync(file).mtimeMs).toBe(1000);
    expect(typesAreStale(spec, check(model(4)))).toBe(false);
    rmSync(file);
    expect(typesAreStale(spec, check(model(5)))).toBe(false);
  });

  it("are of the files that were checked, whatever has become of them, and of links to them", () => {
    const stem = join(folder, "stem.incept");
    symlinkSync("stem.incept", join(folder, "link.incept"));
    const text = `import { Stem } from "link.incept"
      model Net(n = 4) { input image: f32[3, 8, 8] a: Stem(n) output b: conv(1x1, 2) }`;
    writeFileSync(stem, "module Stem(n) { conv(1x1, n) }");
    const network = check(text);
    rmSync(stem);
    expect(readFileSync(writeTypes(spec, network), "utf8")).toContain(
      "readonly a: readonly [number, 8, 8];",
    );
  });

  it("have no line of a file's name", () => {
    const named = join(folder, "a\nexport const hacked = 1;\u2028.incept");
    writeFileSync(named, "model Net { input image: f32[3, 8, 8] output a: relu }");
    const { network } = checkFile(named);
    const [first, second] = readFileSync(writeTypes(named, network!), "utf8").split(/[\n\u2028]/);
    expect(first).toContain("a\\nexport const hacked = 1;\\u2028.incept: the network's names");
    expect(second).toBe('import type { NetworkModule } from "inceptc";');
  });

  it("stand where TypeScript looks", () => {
    expect(declarationFile(join("a.b", "net.v2.incept"))).toBe(join("a.b", "net.v2.d.incept.ts"));
  });

  it("are refused by name where they cannot be written", () => {
    const network = check("model Net { input image: f32[3, 8, 8] output a: conv(1x1, 4) }");
    const absent = join(folder, "absent", "net.incept");
    expect(() => writeTypes(absent, network)).toThrow("could not be written (ENOENT)");
  });

  it.runIf(process.platform !== "win32")("do not wait at a pipe in their place", () => {
    const network = check("model Net { input image: f32[3, 8, 8] output a: conv(1x1, 4) }");
    const piped = join(folder, "piped.incept");
    execFileSync("mkfifo", [join(folder, "piped.d.incept.ts")]);
    expect(typesAreStale(piped, network)).toBe(false);
    expect(() => writeTypes(piped, network)).toThrow("is not a file but a pipe");
  });
});
