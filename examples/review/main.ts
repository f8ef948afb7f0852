/**
 * The networks of the review, as a user's program: two typed modules, one checked against a committed vector,
 * one that looks at real photographs. Run by `npm run demo:review`.
 */
import { readFileSync } from "node:fs";
import cifarInception from "../cifar-inception/cifar-inception.incept";
import simpleInception from "../simple-inception/simple-inception.incept";
import { ramp, relativeL2 } from "./vectors.js";

const here = (path: string): URL => new URL(path, import.meta.url);

/** SimpleInception's logits for a ramp, with the weights of random:1, as ONNX Runtime has them. */
async function simple(): Promise<void> {
  await using model = await simpleInception.load({ weights: "random:1" });
  const { logits } = await model.run({ image: ramp(3 * 32 * 32) });
  const expected = JSON.parse(
    readFileSync(here("../simple-inception/expected.json"), "utf8"),
  ) as number[];
  const error = relativeL2(logits, expected);
  console.log(`\nSimpleInception  random:1  on ${model.info.target}`);
  console.log(`  logits ${Array.from(logits.slice(0, 4), (x) => x.toFixed(4)).join("  ")} …`);
  console.log(`  relative difference to the expected vector ${error.toExponential(1)}`);
  if (!(error < 1e-5)) throw new Error("SimpleInception's logits are not the expected ones.");
}

const photos = [
  ["chelsea-face.jpg", "a cat"],
  ["coffee.jpg", "none of its ten classes: see how sure a network can be of nonsense"],
] as const;

/** Labels and a bar for each class. */
async function photographs(): Promise<void> {
  const weights = here("../cifar-inception/cifar-inception.safetensors");
  await using model = await cifarInception.load({ weights });
  for (const [photo, shows] of photos) {
    const classes = await model.classify(here(`../photos/${photo}`), { top: 10 });
    console.log(`\n${photo} (${shows}): ${classes[0]?.label ?? ""}`);
    for (const { label, probability } of classes) {
      const bar = "█".repeat(Math.round(probability * 40));
      console.log(`  ${label.padEnd(10)} ${(100 * probability).toFixed(1).padStart(5)} %  ${bar}`);
    }
  }
}

await simple();
await photographs();
console.log("\n✔ Both networks ran natively on this machine.");
