/** No word, number or padding that is wrong in a spec leads `check --fix` to another network. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lexer } from "../../grammar/tokens.js";
import { foreignNames } from "../../src/ops/foreign/find.js";
import { operators } from "../../src/ops/registry.js";
import { checkText, fixText, isMended } from "../support/fixing.js";
import { meaningOf } from "../support/meaning.js";

const examples = readdirSync("examples")
  .map((name) => `examples/${name}/${name}.incept`)
  .filter((path) => existsSync(path));
const specs = [join(import.meta.dirname, "every-construct.incept"), ...examples]
  .map((path) => readFileSync(path, "utf8"))
  .flatMap((text) => {
    const { network } = checkText(text);
    const { tokens } = lexer.tokenize(text);
    return network === undefined ? [] : [{ text, original: meaningOf(network), tokens }];
  });

/** What people make of a word. */
const misspelt = (word: string, at: number): readonly string[] => {
  const [before, after] = [word.slice(0, at), word.slice(at)];
  return [
    before + after.slice(1) || "x",
    before + after.slice(0, 1) + after,
    before + (after[1] ?? "") + (after[0] ?? "") + after.slice(2),
    `${before}x${after.slice(1)}`,
    `${word}1`,
    `${word}_${word}`,
  ];
};

const recased = (word: string): readonly string[] => [
  word.toUpperCase(),
  word.slice(0, 1).toUpperCase() + word.slice(1),
];

const numbers = (number: string): readonly string[] => [
  `${number}0`,
  number.slice(0, -1) || "7",
  `${number}.`,
  `${number} ${number}`,
];

/** A spec with one of its words exchanged, and which spec it was. */
const exchanged = (isWord: RegExp, others: (word: string, at: number) => readonly string[]) =>
  fc.tuple(fc.nat(specs.length - 1), fc.nat(), fc.nat(), fc.nat(20)).map(([n, which, how, at]) => {
    const { text, tokens } = specs[n]!;
    const words = tokens.filter(({ image }) => isWord.test(image));
    const { image, startOffset } = words[which % words.length]!;
    const choice = others(image, at % image.length);
    const put = choice[how % choice.length]!;
    const rest = text.slice(startOffset + image.length);
    return { changed: text.slice(0, startOffset) + put + rest, n };
  });

function holds(changes: ReturnType<typeof exchanged>, numRuns: number): void {
  const holds = ({ changed, n }: { changed: string; n: number }): void =>
    void isMended(changed, specs[n]!.original);
  // One change in ten thousand may find a new slip; whoever looks for it takes other seeds.
  fc.assert(fc.property(changes, holds), { numRuns, seed: 1 });
}

test("the specs are there", () => {
  expect(specs.length).toBeGreaterThan(3);
});

describe("whatever is written in the place of", () => {
  test("a word", () => holds(exchanged(/^[a-z]\w*$/i, misspelt), 300));

  test("a word, in other capitals", () => holds(exchanged(/^[a-z]\w*$/i, recased), 150));

  test("an operator, from another framework", () => {
    const operator = new RegExp(`^(${[...operators.keys()].join("|")})$`);
    holds(
      exchanged(operator, () => foreignNames),
      200,
    );
  });

  test("a number", () => holds(exchanged(/^\d/, numbers), 150));
});

test.each(specs.map(({ text, original }, i) => [i, text, original] as const))(
  "spec %i without a padding is not given another",
  (_, text, original) => {
    for (const match of text.matchAll(/, pad: ?\w+/g)) {
      const end = match.index + match[0].length;
      expect(isMended(text.slice(0, match.index) + text.slice(end), original)).toBe(false);
    }
  },
);

test.each([
  ["relu", "selu"],
  ["relu", "mish"],
  ["softmax", "sparsemax"],
  ["globalavgpool", "globallppool"],
  ["from b", "from bb"],
  ["order: bgr", "order: brg"],
  ["n * 2", "m * 2"],
  ["linear(classes)", "linear(classes, in: 100)"],
  ["conv(3x3/2, width, pad: 1)", "conv(3x3/2, width)"],
  ["Block(half)", "Blok(half)"],
  ["from side", "from Side"],
])("%s is not guessed from %s", (right, wrong) => {
  const text = specs[0]!.text.replace(right, wrong);
  expect(text).not.toBe(specs[0]!.text);
  expect(checkText(text).network).toBeUndefined();
  expect(fixText(text)).toEqual({ text, applied: 0 });
});

test("what differs in letter case alone from a word of the language is written", () => {
  const text = specs[0]!.text.replace("relu, bias", "ReLU, Bias").replace("softmax", "SoftMax");
  expect(fixText(text)).toEqual({ text: specs[0]!.text, applied: 3 });
});
