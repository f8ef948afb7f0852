/** A program without a hook: `node load.js PICTURE`, beside small.incept and what was built of it. */
import { strict as assert } from "node:assert";
import { createRequire } from "node:module";
import { loadArtefact, loadModel } from "inceptc";
import built from "./built/index.js";

const image = new Float32Array(3 * 32 * 32).fill(0.5);

/** What one run gives, and the classes of the picture, best first. */
async function use(net) {
  const model = await net.load({ weights: "random:1" });
  const { prob } = await model.run({ image });
  const top = await model.classify(process.argv[2], { top: 10 });
  await model.dispose();
  assert.equal(top.length, 10);
  assert(Math.abs(top.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-5);
  return { prob, top };
}

const compiled = await use(await loadModel(new URL("small.incept", import.meta.url)));
assert.deepEqual(await use(await loadArtefact(new URL("built", import.meta.url))), compiled);
assert.deepEqual(await use(built), compiled);
assert.equal(createRequire(import.meta.url)("./built/index.js").default, built);

const { default: packed } = await import("./built/index.js");
assert.deepEqual(await use(packed), compiled);

// The hook can also be registered by the program that needs it.
await import("inceptc/register");
const { default: net } = await import("./small.incept");
assert.deepEqual(await use(net), compiled);
process.stdout.write(`Node ${process.versions.node}: loads, runs and classifies\n`);
