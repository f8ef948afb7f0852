/** A program that imports its spec: `node --import inceptc/register hook.js`. */
import { strict as assert } from "node:assert";
import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

// The import writes the types beside the spec, also where the network is built already.
const types = new URL("tiny.d.incept.ts", import.meta.url);
rmSync(types, { force: true });
const { default: net } = await import("./tiny.incept");
assert(existsSync(types), "the import wrote no types");
assert.equal(createRequire(import.meta.url)("./tiny.incept"), net);

const model = await net.load({ weights: "random:1" });
const image = new Float32Array(3 * 32 * 32).fill(0.5);
const { prob } = await model.run({ image });
await model.dispose();

/** The same in a thread of its own, which has this one's hook. */
const answer = await new Promise((resolve, reject) => {
  const worker = new Worker(new URL("worker.js", import.meta.url), { workerData: image });
  worker.once("message", resolve);
  worker.once("error", reject);
});
assert.deepEqual(answer, prob);
process.stdout.write(
  `Node ${process.versions.node}: imports and requires a spec, also in a worker thread\n`,
);
