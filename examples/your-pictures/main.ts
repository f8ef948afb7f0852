/**
 * Teaches the CIFAR example two classes of one's own, from a folder of pictures: here, cuts of two
 * photographs. Run it in a clone: `npx tsx examples/your-pictures/main.ts`.
 */
import { existsSync } from "node:fs";
import { loadModel, openData } from "inceptc";
import { cutPictures } from "./pictures.js";

const here = (path: string): URL => new URL(path, import.meta.url);
const folder = "runs/your-pictures";
if (!existsSync(folder)) await cutPictures(folder, 60);

const pictures = await openData(folder, { validation: 0.2 });
const net = await loadModel(here("your-pictures.incept"), {
  set: { classes: pictures.train.classes },
});
await using trainer = await net.trainer({
  weights: here("../cifar-inception/cifar-inception.safetensors"),
  fresh: ["classifier.*"],
  learningRates: { "stem.*": 0, "inception_*": 0 },
  keepFeatures: true,
});
const start = performance.now();
await trainer.fit(pictures.train, {
  ...(pictures.validation && { validate: pictures.validation }),
  onEpoch: ({ epoch, train, validation }) => {
    const right = validation?.outputs["prob"]?.top1 ?? 0;
    if (epoch % 5 === 4) {
      console.log(
        `epoch ${epoch + 1}: loss ${train.toFixed(3)}, ${(100 * right).toFixed(0)} % right`,
      );
    }
  },
});
console.log(`trained in ${((performance.now() - start) / 1000).toFixed(1)} s`);

await using model = await trainer.model();
for (const photo of ["chelsea.jpg", "coffee.jpg"]) {
  const classes = await model.classify(here(`../photos/${photo}`), {
    labels: pictures.train.labels!,
  });
  const says = classes.map(
    ({ label, probability }) => `${label} ${(100 * probability).toFixed(1)} %`,
  );
  console.log(`${photo}: ${says.join(", ")}`);
}
