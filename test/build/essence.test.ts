import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lexer } from "../../grammar/tokens.js";
import { variantKey } from "../../src/build/project/key.js";
import { projectOf } from "../../src/build/project/project.js";
import type { BuildRequest } from "../../src/build/request.js";
import { variantOf } from "../../src/build/choose/variant.js";
import { type Manifest, manifestOf } from "../../src/emit/manifest.js";
import { renderProject } from "../../src/emit/render.js";
import { checkSpec } from "../../src/model/check.js";
import type { Network } from "../../src/model/network.js";

/** Files of a project by name; `net.incept` is the spec. */
type Files = Readonly<Record<string, string>>;

const spec = `import { Mixed, Tail } from "./parts.incept"
const width = 4
defaults { conv { act: relu } }
/// Adds what it reads to itself.
module Block(n, k = 3x3, scaled = true) {
  residual(scale: 0.25) { conv(k, n, norm: batchnorm(eps: 1e-3)) -> conv(1x1, in, act: none) }
}
/// A network with every construct.
model Whole(classes = 6, deep = 2, window = 3x3, biased = true) {
  input image: f32[3, 24, 20] from image(resize: 30, interpolation: bicubic, order: bgr, range: 255, mean: [1, 2, 3], std: 2)
  zero: scale([0.5, 1, 2], shift: [0, -1, 0.5])
  seen: expect(3, 24, 20)
  /// The first convolution.
  stem: conv(5x3/2x1, 2 * width, pad: 2x1, dilation: 1, bias: biased) -> lrn(3, alpha: 1e-3, beta: 0.5, k: 2)
  body: repeat(deep) { Block(8, window) }
  mixed: Mixed(4)
  narrow: depthwise(3x3, multiplier: 2, pad: same) as "one.two" -> conv(1x1, 12, groups: 2)
  sum: add { a: from narrow -> conv(1x1, 8) b: from mixed -> conv(1x1, 8, act: sigmoid) }
  aux side(weight: 0.3): from body -> adaptiveavgpool(2x2) -> linear(classes, bias: false) as side_fc
  pooled: avgpool(3x3/2, pad: 1, ceil: true, count_pad: false) -> maxpool(2x2, pad: 0) -> tanh
  output features: from sum -> identity
  output prob: Tail(classes) -> softmax
  labels "names.txt"
  train { loss: { prob: cross_entropy(label_smoothing: 0.1) } optimizer: sgd(lr: 0.1, momentum: 0.9) schedule: cosine(warmup: 5) batch: 64 epochs: 90 augment: [flip] }
}
`;

const parts = `module Mixed(n) {
  concat { left: conv(1x1, n) right: conv(1x1, 4, act: relu) -> conv(3x3, n + 2, norm: batchnorm) }
}
module Tail(n) { globalavgpool -> dropout(0.4) -> flatten -> expect(8) -> linear(n, in: 8) }
`;

const files: Files = {
  "net.incept": spec,
  "parts.incept": parts,
  "names.txt": "a\nb\nc\nd\ne\nf\n",
};

/** Undefined where there is an error. */
function checked(of: Files, set: Record<string, string> = {}): Network | undefined {
  const sourceOf = (path: string): { path: string; file: string; text: string } | undefined => {
    const text = of[path];
    return text === undefined ? undefined : { path, file: join("/project", path), text };
  };
  const source = sourceOf("net.incept")!;
  const read = (path: string): ReturnType<typeof sourceOf> =>
    sourceOf(path.replace(/^\/project\//, ""));
  return checkSpec(source, { read, set }).network;
}

const required = (of: Files, set: Record<string, string> = {}): Network => {
  const network = checked(of, set);
  if (network === undefined) throw new Error("the spec has errors");
  return network;
};

const requestOf = (network: Network, aux: boolean): BuildRequest => ({
  spec: "net.incept",
  network,
  target: "cpu",
  aux,
  taps: aux ? [network.members[0]!.name] : [],
});

function keyOf(network: Network, aux = false): string {
  const request = requestOf(network, aux);
  return variantKey(request, variantOf(request));
}

/** All that a build makes: the emitted code without comments, and what the manifest says of it. */
function madeOf(network: Network, aux = false): string {
  const request = requestOf(network, aux);
  const project = projectOf(request, { ...variantOf(request), levels: ["avx2"] });
  const code = [...renderProject(project, "addon")].map(([name, text]) => [
    name,
    text.replace(/\/\/.*$/gm, "").replace(/\n+/g, "\n"),
  ]);
  return JSON.stringify([code, unworded(manifestOf(project, "net.node"))]);
}

const unworded = ({ doc: _, sources: __, train: ___, ...manifest }: Manifest): object => manifest;

/** Words that may stand in one another's place. */
const kinds = [
  ["relu", "sigmoid", "tanh", "identity", "softmax", "none"],
  ["zero", "stem", "body", "mixed", "narrow", "sum", "pooled"],
  ["maxpool", "avgpool"],
  ["bilinear", "bicubic", "nearest"],
  ["rgb", "bgr"],
  ["true", "false"],
  ["concat", "add"],
  ["same", "tf_same"],
  ["output", "aux"],
];

/** What could be written in a token's place. */
function others(image: string): readonly string[] {
  if (/^\d+$/.test(image)) return [Number(image) - 1, Number(image) + 1].map(String);
  if (/^[\d.]+(e-?\d+)?$/.test(image)) return [String(Number(image) * 1.5)];
  if (/^\d+x\d+$/.test(image)) return ["1x1", "3x3", "1x3"];
  if (image.startsWith('"')) return [`${image.slice(0, -1)}_other"`];
  return kinds.find((kind) => kind.includes(image))?.filter((word) => word !== image) ?? [];
}

/** The text with each token in turn being another, each name another, each argument left out. */
function* changesOf(text: string): Generator<string> {
  const { tokens } = lexer.tokenize(text);
  for (const { image, startOffset } of tokens) {
    const end = text.slice(startOffset + image.length);
    for (const other of others(image)) yield text.slice(0, startOffset) + other + end;
  }
  for (const name of new Set(
    tokens.map(({ image }) => image).filter((each) => /^\w+$/.test(each)),
  )) {
    yield text.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `${name}_other`);
  }
  for (const { 0: argument, index } of text.matchAll(/, \w+: [\w.-]+/g)) {
    yield text.slice(0, index) + text.slice(index + argument.length);
  }
}

function* changedProjects(): Generator<Files> {
  for (const name of ["net.incept", "parts.incept"]) {
    for (const text of changesOf(files[name]!)) yield { ...files, [name]: text };
  }
  for (const names of ["a\nb\nc\nd\ne\ng\n", "b\na\nc\nd\ne\nf\n"])
    yield { ...files, "names.txt": names };
}

describe("the key of a build", () => {
  it("changes with whatever changes the addon or the manifest", () => {
    const byKey = new Map<string, [Network, boolean][]>();
    for (const project of [files, ...changedProjects()]) {
      const network = checked(project);
      if (network === undefined) continue;
      for (const aux of [false, true]) {
        const key = keyOf(network, aux);
        byKey.set(key, [...(byKey.get(key) ?? []), [network, aux]]);
      }
    }
    for (const same of byKey.values()) {
      if (same.length === 1) continue;
      const [first, ...rest] = same.map(([network, aux]) => madeOf(network, aux));
      for (const other of rest) expect(other === first, first).toBe(true);
    }
    expect(byKey.size).toBeGreaterThan(280);
  });

  it("changes with each setting, which the manifest tells", () => {
    const sets = [{}, { classes: "6", deep: "3" }, { window: "1x1" }, { biased: "false" }];
    expect(new Set(sets.map((set) => keyOf(required(files, set)))).size).toBe(sets.length);
    expect(keyOf(required(files, { deep: "2" }))).toBe(keyOf(required(files)));
  });

  it("tells numbers apart that JSON does not", () => {
    const of = (shift: string): string =>
      keyOf(
        required({
          "net.incept": `model M { input x: f32[1, 2, 2] output y: scale(1, shift: ${shift}) }`,
        }),
      );
    expect(of("-0")).not.toBe(of("0"));
  });

  const other = (changed: Files): [key: string, made: string] => {
    const network = required(changed);
    return [keyOf(network), madeOf(network)];
  };
  const each = (change: (text: string) => string): Files =>
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, change(text)]));

  it.each<[what: string, changed: Files]>([
    ["comments", { ...files, "net.incept": `// One.\n/* Two. */\n${spec}// Three.` }],
    [
      "documentation",
      { ...files, "net.incept": spec.replaceAll("/// A", "/// Another wording: a") },
    ],
    [
      "blank rows and indentation",
      each((text) => text.replaceAll("\n", "   \n").replaceAll("\n  ", "\n\n\t")),
    ],
    [
      "rows that are joined",
      { ...files, "net.incept": spec.replace(/\/\/\/.*/g, "").replaceAll(/\n\s*/g, " ") },
    ],
    ["line ends of Windows", each((text) => text.replaceAll("\n", "\r\n"))],
    ["a byte order mark", each((text) => `\uFEFF${text}`)],
    [
      "an import of another name",
      {
        "net.incept": spec.replace("./parts.incept", "./modules/own.incept"),
        "modules/own.incept": parts,
        "names.txt": files["names.txt"]!,
      },
    ],
    [
      "modules in the spec itself",
      {
        "net.incept": `${spec.replace(/^import .*/, "")}${parts.replaceAll("conv(1x1, n)", "conv(1x1, n, act: none)").replace("batchnorm", "batchnorm, act: none")}`,
        "names.txt": files["names.txt"]!,
      },
    ],
    [
      "local names",
      {
        ...files,
        "net.incept": spec
          .replaceAll("Block", "Unit")
          .replaceAll("width", "half")
          .replaceAll(/\bk\b(?=,| =)/g, "size"),
      },
    ],
    [
      "arguments in another order, and defaults that are written or not",
      {
        ...files,
        "net.incept": spec.replace("pad: 2x1, dilation: 1", "act: relu, groups: 1, pad: 2x1"),
      },
    ],
    [
      "training",
      {
        ...files,
        "net.incept": spec.replace("batch: 64", "batch: 32").replace("weight: 0.3", "weight: 0.4"),
      },
    ],
    [
      "labels without an end, or with ids",
      { ...files, "names.txt": "n02123045 a\nb \nc\nd\ne\nf" },
    ],
  ])("does not change with %s", (_, changed) => {
    expect(changed).not.toEqual(files);
    expect(other(changed)).toEqual(other(files));
  });
});
