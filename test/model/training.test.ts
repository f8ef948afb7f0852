/** What `train { … }` and the heads of a model come to: which loss each has, and what is refused. */
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { renderDiagnostics } from "../../src/diagnostics/render.js";
import type { Loss } from "../../src/model/network.js";
import { trainSettingsOf } from "../../src/model/settings/train.js";
import { trainSignature } from "../../src/model/settings/train-tables.js";
import { check, checked, codes } from "../support/check.js";

const model = (members: string, train?: string): string =>
  `model M { input x: f32[8, 4, 4] ${members} ${train === undefined ? "" : `train { ${train} }`} }`;

const two = "output prob: linear(10) output box: linear(4)";
const crossEntropy: Loss = { kind: "cross_entropy", labelSmoothing: 0 };
const squares: Loss = { kind: "mean_squared_error", labelSmoothing: 0 };
const binary: Loss = { kind: "sigmoid_cross_entropy", labelSmoothing: 0 };
const own = (output: string, loss: Loss) => ({ ...loss, output, targets: output, weight: 1 });

const lossesOf = (text: string) => checked(text).train?.losses;

describe("the losses", () => {
  test("are cross-entropy of every output unless they are said", () => {
    expect(lossesOf(model(two, "batch: 3"))).toEqual([
      own("prob", crossEntropy),
      own("box", crossEntropy),
    ]);
  });

  test("are one of every output, with its arguments", () => {
    const train = "loss: cross_entropy(label_smoothing: 0.1, ignore: -1, class_weights: [1, 2.5])";
    const members = "output a: linear(2) output b: linear(2)";
    const loss = { ...crossEntropy, labelSmoothing: 0.1, ignore: -1, classWeights: [1, 2.5] };
    expect(lossesOf(model(members, train))).toEqual([own("a", loss), own("b", loss)]);
  });

  test("stand as the outputs do, however the list is ordered, and without those that it leaves out", () => {
    const members = `${two} output mask: from x -> conv(1x1, 1)`;
    const train = "loss: { mask: sigmoid_cross_entropy, box: mean_squared_error }";
    expect(lossesOf(model(members, train))).toEqual([own("box", squares), own("mask", binary)]);
  });

  test("may be a constant's and a parameter's, and an output may be called as one", () => {
    const text = `const smooth = 0.2 const weights = [1, 2]
      model M(box = 4) { input x: f32[8] output box: linear(2)
        train { loss: { box: cross_entropy(label_smoothing: smooth, class_weights: weights) } batch: box } }`;
    const { train } = checked(text);
    const loss = { ...crossEntropy, labelSmoothing: 0.2, classWeights: [1, 2] };
    expect(train).toMatchObject({ losses: [own("box", loss)], batch: 4 });
  });

  test("of a pixel are classes too", () => {
    expect(lossesOf(model("output mask: conv(1x1, 2)", ""))).toEqual([own("mask", crossEntropy)]);
  });
});

describe("an aux", () => {
  test("learns the targets of the only trained output, at 0.3, where it stands", () => {
    const members = `output prob: linear(10) aux a: linear(10) aux b(weight: 0): linear(10)`;
    const head = { ...crossEntropy, targets: "prob" };
    expect(lossesOf(model(members, ""))).toEqual([
      own("prob", crossEntropy),
      { ...head, output: "a", weight: 0.3 },
      { ...head, output: "b", weight: 0 },
    ]);
    const some = model(`${two} aux a(weight: 2): linear(4)`, "loss: { box: mean_squared_error }");
    expect(lossesOf(some)).toEqual([
      own("box", squares),
      { ...squares, output: "a", targets: "box", weight: 2 },
    ]);
  });

  test("or of the one that it is like, which may come later or be called as a constant", () => {
    const members = `aux a(like: prob, weight: 0.1): linear(10) ${two} aux b(like: box): linear(4)`;
    const train = "loss: { prob: cross_entropy(ignore: 255), box: mean_squared_error }";
    const loss = { ...crossEntropy, ignore: 255 };
    expect(lossesOf(`const prob = 3 ${model(members, train)}`)).toEqual([
      { ...loss, output: "a", targets: "prob", weight: 0.1 },
      own("prob", loss),
      own("box", squares),
      { ...squares, output: "b", targets: "box", weight: 0.3 },
    ]);
  });

  test("may be a vector where the output is an image of one pixel", () => {
    const members = "output y: globalavgpool -> conv(1x1, 5) aux a: from x -> linear(5)";
    expect(lossesOf(model(members, ""))).toHaveLength(2);
  });

  test.each([
    ["is like what is no output", "a(like: x): linear(10)", ["name/unknown"]],
    ["is like itself", "a(like: a): linear(10)", ["name/unknown"]],
    ["is like one in quotes", 'a(like: "prob"): linear(10)', ["args/type"]],
    ["is like a call", "a(like: prob()): linear(10)", ["args/call"]],
  ])("that %s is refused without a train block too", (_, aux, expected) => {
    expect(codes(model(`aux ${aux} ${two}`))).toEqual(expected);
  });

  test("keeps a model without a train block as it was", () => {
    expect(codes(model(`aux a: linear(3) ${two}`))).toEqual([]);
  });
});

describe("how a network is trained", () => {
  const findings = (found: readonly Diagnostic[]): string[] => found.map(({ code }) => code);

  test("has every default where the spec has no train block", () => {
    expect(trainSettingsOf(checked(model(two))).settings).toEqual(checked(model(two, "")).train);
  });

  test("is what the train block says", () => {
    const network = checked(
      model(two, "clip_norm: 2 decay: weights average: 0.999 init: truncated_normal"),
    );
    expect(trainSettingsOf(network)).toEqual({ settings: network.train, findings: [] });
    expect(network.train).toMatchObject({
      clipNorm: 2,
      decay: "weights",
      average: 0.999,
      init: "truncated_normal",
    });
  });

  test("takes other losses in place of the spec's, and keeps the rest", () => {
    const network = checked(model(two, "epochs: 3 loss: { prob: cross_entropy }"));
    const { settings } = trainSettingsOf(network, { box: squares });
    expect(settings).toEqual({ ...network.train, losses: [own("box", squares)] });
  });

  test("is refused with a finding that says where and why", () => {
    const alone = checked(model("output score: linear(1)"));
    expect(trainSettingsOf(alone).settings).toBeUndefined();
    expect(renderDiagnostics(trainSettingsOf(alone).findings)).toContain(
      "write loss: sigmoid_cross_entropy",
    );
    const headed = checked(model(`aux a: linear(10) ${two}`));
    expect(findings(trainSettingsOf(headed).findings)).toEqual(["train/like"]);
    expect(findings(trainSettingsOf(headed, { box: squares }).findings)).toEqual(["train/head"]);
    expect(trainSettingsOf(headed, { prob: crossEntropy }).findings).toEqual([]);
    const like = checked(model(`aux a(like: prob): linear(10) ${two}`));
    expect(findings(trainSettingsOf(like, { box: squares }).findings)).toEqual([
      "train/not-trained",
    ]);
  });
});

describe("findings come once, and only of what is there", () => {
  test.each([
    ["an output that is wrong", "output prob: linear(0) aux a: linear(10)", "", ["args/range"]],
    ["an aux that is wrong", `${two} aux a: linaer(3)`, "", ["name/unknown"]],
    ["no output", "a: linear(3) aux b: linear(3)", "", ["model/no-output"]],
    [
      "no output that a list could name",
      "a: linear(3)",
      "loss: { a: cross_entropy }",
      ["model/no-output"],
    ],
    [
      "two outputs of one name",
      `${two} output box: linear(4) aux a: linear(10)`,
      "",
      ["name/duplicate"],
    ],
    ["a wrong loss", `${two} aux a: linear(10)`, "loss: crossentropy", ["name/unknown"]],
    ["a wrong field", "output y: linear(1)", "batch: 0", ["args/range"]],
  ])("%s", (_, members, train, expected) => {
    expect(codes(model(members, train))).toEqual(expected);
  });
});

describe("a batch of one image", () => {
  const flat = "a: globalavgpool -> conv(1x1, 4, norm: batchnorm) output y: linear(2)";

  test.each([
    [flat, ["train/one-value"]],
    ["output y: linear(4) -> batchnorm -> linear(2)", ["train/one-value"]],
    [
      "a: globalavgpool -> depthwise(1x1, norm: batchnorm) output y: linear(2)",
      ["train/one-value"],
    ],
    ["aux a: globalavgpool -> batchnorm -> linear(2) output y: linear(2)", ["train/one-value"]],
    ["a: conv(4x4, 4, pad: 0, norm: batchnorm) output y: linear(2)", ["train/one-value"]],
    ["a: conv(3x3, 4, norm: batchnorm) output y: linear(2)", []],
    ["a: globalavgpool -> conv(1x1, 4) output y: linear(2)", []],
  ])("of `%s`: %s", (members, expected) => {
    const errors = (train: string): string[] =>
      codes(model(members, train)).filter((code) => !code.startsWith("style/"));
    expect(errors("batch: 1")).toEqual(expected);
    expect(errors("batch: 2")).toEqual([]);
  });
});

describe("a misspelt word is told with the nearest", () => {
  type Row = readonly [word: string, written: (word: string) => string];
  const rows = [...trainSignature.args].flatMap(([field, { kind }]): readonly Row[] => {
    const inField = (value: string): string =>
      `${field}: ${kind.calls === undefined && kind.item !== undefined ? `[${value}]` : value}`;
    const calls = Object.entries(kind.calls ?? kind.item?.calls ?? {});
    const called = calls.flatMap(([name, { args }]): readonly Row[] => {
      const byName = [...args].filter(([, { positional }]) => !positional);
      const first = byName.length < args.size ? "4, " : "";
      return [
        [name, inField],
        ...byName.map(([argument]): Row => [
          argument,
          (word) => inField(`${name}(${first}${word}: 1)`),
        ]),
      ];
    });
    const words = (kind.words ?? []).map((word): Row => [word, inField]);
    return [[field, (word) => `${word}: 1`], ...called, ...words];
  });
  const misspelt = rows.filter(([word]) => word.length > 2);

  test("of which there are many", () => expect(misspelt.length).toBeGreaterThan(40));

  test.each(misspelt)("%s", (word, written) => {
    const wrong = `${word[1]}${word[0]}${word.slice(2)}`;
    const { diagnostics } = check(model("output y: linear(2)", written(wrong)));
    expect(diagnostics.map(({ help }) => help)).toEqual([`did you mean ${word}?`]);
  });
});
