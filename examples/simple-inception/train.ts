/**
 * Trains the review's network on CIFAR-10, then judges it class by class: docs/training.md shows it.
 *
 *   node --import inceptc/register --import tsx train.ts cifar-10-batches-bin [VALIDATION]
 */
import { openData } from "inceptc";
import net from "./simple-inception.incept";

const [data, judge] = process.argv.slice(2);
if (data === undefined) throw new Error("Name the folder or the file of the pictures.");
const opened = await openData(data, judge === undefined ? {} : { validation: 0 });
const other = judge === undefined ? undefined : await openData(judge, { validation: 0 });
const validation = other === undefined ? opened.validation : (other.validation ?? other.train);
if (validation === undefined) throw new Error("There are no pictures to judge by.");

await using trainer = await net.trainer({ seed: 1 });
await trainer.fit(opened.train, {
  validate: validation,
  checkpoints: { directory: "runs/simple" },
  onEpoch({ epoch, train, validation }) {
    const { top1 = 0 } = validation!.outputs.logits;
    console.log(`epoch ${epoch + 1}: loss ${train.toFixed(3)}, ${(100 * top1).toFixed(1)} % right`);
  },
});
await trainer.exportWeights("runs/simple/weights.safetensors");

const { confusion } = (await trainer.evaluate(validation)).outputs.logits;
const { classes, labels } = validation;
for (let label = 0; label < classes; label++) {
  const row = confusion!.subarray(label * classes, (label + 1) * classes);
  const all = row.reduce((sum, count) => sum + count, 0);
  console.log(`${labels?.[label] ?? label}: ${row[label]} of ${all}`);
}
