/** Random programs, with odd spaces and with comments between any two tokens. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { randomNetwork } from "../../support/networks.js";
import { printed } from "../../support/printing.js";
import { Random } from "../../support/random.js";
import { scrambled } from "../../support/scrambled.js";
import { specFiles } from "../../support/spec-files.js";

const specs = specFiles("examples", "test/fixes").map((path) => readFileSync(path, "utf8"));

test.each([
  ["networks", (seed: number) => randomNetwork(seed)],
  ["specs that people wrote", (seed: number) => specs[seed % specs.length]!],
])("1,000 random %s keep their words and their meaning", (_, textOf) => {
  let comments = 0;
  for (let seed = 0; seed < 1000; seed++) {
    const random = new Random(seed);
    const text = scrambled(textOf(seed), random, random.pick([0, 0.01, 0.05, 0.2]));
    const width = random.pick([40, 80, 100, 120]);
    try {
      comments += printed(text, width).match(/\/\/|\/\*/g)?.length ?? 0;
    } catch (error) {
      throw new Error(`seed ${seed}, width ${width}`, { cause: error });
    }
  }
  expect(comments).toBeGreaterThan(10_000);
});
