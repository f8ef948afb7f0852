/** What `build --train` makes, by either builder, trains in a process that knows no compiler. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inceptc, temporaryFolder } from "../support/cli.js";

const spec = `model Tiny {
  input image: f32[3, 8, 8]
  a: conv(3x3, 16, pad: same, norm: batchnorm, act: relu) -> maxpool(2x2)
  unused: conv(1x1, 4)
  output prob: from a -> globalavgpool -> linear(2) as head -> softmax
  output other: globalavgpool
  train { loss: { prob: cross_entropy }, optimizer: adam(lr: 0.05), batch: 8 }
}
`;

/** Bright pictures are of class 1. */
const program = `
import { loadArtefact } from ${JSON.stringify(join(process.cwd(), "src/runtime.ts"))};
const net = await loadArtefact(process.argv[2]);
await using trainer = await net.trainer({ seed: 3 });
const image = Float32Array.from({ length: 8 * 192 }, (_, i) => Math.sin(i * i) + (i < 4 * 192 ? 0 : 1));
const prob = Int32Array.from({ length: 8 }, (_, i) => (i < 4 ? 0 : 1));
const losses = [];
for (let i = 0; i < 20; i++) losses.push((await trainer.step({ image, prob })).loss);
const model = await trainer.model();
const answers = (await model.run({ image })).prob;
console.log(JSON.stringify({ first: losses[0], last: losses.at(-1), answers: [...answers] }));
await model.dispose();
`;

test.each(["cmake-js", "node-gyp"])("%s builds it", (builder) => {
  const folder = temporaryFolder();
  const file = join(folder, "tiny.incept");
  writeFileSync(file, spec);
  const flags = ["--train", "--target", "cpu", "--builder", builder, "--json"];
  const { stdout, stderr, status } = inceptc(["build", file, ...flags]);
  expect(status, stderr).toBe(0);
  expect(stderr).toContain("no loss hangs on unused.weight, unused.bias");
  const { directory } = JSON.parse(stdout) as { directory: string };
  const run = join(folder, "run.mts");
  writeFileSync(run, program);
  const child = spawnSync(process.execPath, ["--import", "tsx", run, directory], {
    encoding: "utf8",
    env: { ...process.env, PATH: "" },
  });
  expect(child.status, child.stderr).toBe(0);
  interface Answer {
    readonly first: number;
    readonly last: number;
    readonly answers: readonly number[];
  }
  const { first, last, answers } = JSON.parse(child.stdout) as Answer;
  expect(last).toBeLessThan(first / 4);
  const right = answers.filter((_, i) => i % 2 === (i < 8 ? 0 : 1));
  expect(Math.min(...right)).toBeGreaterThan(0.5);
});
