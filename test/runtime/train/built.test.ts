/** A trainer on a network that is compiled: what tests of the others have a fake for. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { variantOf } from "../../../src/build/choose/variant.js";
import { projectOf } from "../../../src/build/project/project.js";
import { manifestOf } from "../../../src/emit/manifest.js";
import { trainableOf } from "../../../src/emit/trainable.js";
import { headOf as networkBehind } from "../../../src/autodiff/front.js";
import { buildGraph } from "../../../src/graph/build.js";
import type { Network } from "../../../src/model/network.js";
import type { AnsweringNetwork } from "../../../src/runtime/train/models.js";
import type { Data, Losses, Pictures } from "../../../src/index.js";
import { startOf, startTrainer } from "../../../src/runtime/train/open.js";
import { trainerOptions } from "../../../src/runtime/train/options.js";
import { planTraining } from "../../../src/runtime/train/plan.js";
import type { TrainedNetwork } from "../../../src/runtime/train/trained-network.js";
import type { Trainer } from "../../../src/runtime/train/trainer.js";
import type { CrossEntropy } from "../../../src/runtime/train/types.js";
import { networkOf } from "../../support/network.js";
import { QuickBuilder } from "../../support/quick-build.js";

interface Tiny {
  readonly inputs: { readonly image: readonly [3, 8, 8] };
  readonly outputs: { readonly prob: readonly [3] };
  readonly aux: { readonly head: readonly [3] };
  readonly stages: Record<never, never>;
}
type TinyLosses = { readonly prob: CrossEntropy };

const network = networkOf(`model Tiny {
  input image: f32[3, 8, 8] from image(range: 1)
  stem: conv(3x3, 8, norm: batchnorm, act: relu) -> maxpool(2x2)
  aux head: globalavgpool -> linear(3)
  output prob: globalavgpool -> dropout(0.2) -> linear(3) as fc -> softmax
  train { optimizer: sgd(lr: 0.2, momentum: 0.9) batch: 8 epochs: 3 augment: [flip] }
}`);

const folder = mkdtempSync(join(tmpdir(), "incept-built-"));
const builder = new QuickBuilder();
afterAll(() => {
  builder[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

const built = new Map<string, Promise<TrainedNetwork>>();

async function start(options: object): Promise<Trainer<Tiny, TinyLosses>> {
  const call = "Tiny.trainer";
  const begin = await startOf(trainerOptions(call, options));
  const train = planTraining(call, trainableOf(network), begin.options).request;
  const key = JSON.stringify(train);
  const trained = built.get(key) ?? build(train);
  built.set(key, trained);
  const { training } = await trained;
  const head = training.front === undefined ? undefined : await headOf(training.front, train);
  return startTrainer<Tiny, TinyLosses>(call, await trained, begin, head);
}

type Request = ReturnType<typeof planTraining>["request"];

async function build(train: Request): Promise<TrainedNetwork> {
  const request = { spec: "tiny.incept", network, target: "cpu", train } as const;
  const variant = variantOf(request);
  const manifest = manifestOf(projectOf(request, variant), "tiny.node");
  const graph = buildGraph(network, { taps: variant.taps });
  const { addon } = await builder.build(network, { passes: true, train: variant.train! }, graph);
  return { addon, manifest, training: manifest.training! };
}

const heads = new Map<string, Promise<AnsweringNetwork>>();

/** What stands behind a front, as it answers. */
function headOf(front: string, { losses }: Request): Promise<AnsweringNetwork> {
  const found = heads.get(front) ?? buildHead(networkBehind(network, front, losses));
  heads.set(front, found);
  return found;
}

async function buildHead(head: Network): Promise<AnsweringNetwork> {
  const request = { spec: "tiny.incept", network: head, target: "cpu" } as const;
  const manifest = manifestOf(projectOf(request, variantOf(request)), "tiny.node");
  const { addon } = await builder.build(head, { passes: true });
  return { addon, manifest };
}

/** Of a picture the channel of its class is brighter. */
function pictures(count: number, from: number) {
  const prob = Int32Array.from({ length: count }, (_, i) => (i + from) % 3);
  const image = Float32Array.from({ length: count * 192 }, (_, i) => {
    const isOwn = Math.floor(i / 64) % 3 === prob[Math.floor(i / 192)];
    return Math.sin(i * 7.3 + from) * 0.3 + (isOwn ? 1 : 0);
  });
  return { image, prob };
}

const data: Data<Tiny, TinyLosses & Losses<Tiny>> = {
  size: 64,
  async *batches({ from, number }) {
    for (let at = from * 8; at < 64; at += 8) {
      yield await Promise.resolve(pictures(8, at + 3 * number));
    }
  },
};

it("learns, tells what it has learned, and is resumed bit for bit whatever the threads", async () => {
  const options = { seed: 3, average: 0.5 };
  await using whole = await start({ ...options, threads: 2 });
  const last = (await whole.fit(data)).last!;
  expect(last.step).toBe(24);
  expect(last.losses.prob).toBeLessThan(0.1);
  expect(last.loss).toBeCloseTo(last.losses.prob + 0.3 * last.losses.head, 5);
  const found = await whole.evaluate(data);
  expect(found.outputs.prob.top1).toBe(1);

  await using half = await start({ ...options, threads: 1 });
  const abort = new AbortController();
  await half.fit(data, {
    signal: abort.signal,
    onStep: ({ step }) => void (step === 11 && abort.abort()),
  });
  await half.save(join(folder, "half.checkpoint"));
  await using resumed = await start({ resume: join(folder, "half.checkpoint"), threads: 2 });
  await resumed.fit(data);
  expect(await resumed.parameters()).toEqual(await whole.parameters());
  expect(await resumed.evaluate(data)).toEqual(found);

  // The running mean follows all batches, and weights and average are not the same.
  const before = await whole.parameters();
  expect(before.get("stem.0.bn.running_mean")).not.toEqual(new Float32Array(8));
  await whole.exportWeights(join(folder, "weights"));
  await using next = await start({ weights: join(folder, "weights") });
  const exported = await next.parameters();
  expect(exported.get("fc.weight")).not.toEqual(before.get("fc.weight"));
  expect((await next.evaluate(data)).loss).toBe(found.loss);
});

it("names the place of what is not finite, and keeps what is frozen", async () => {
  await using trainer = await start({ learningRates: { "stem.*": 0 }, seed: 1 });
  const before = await trainer.parameters();
  const bad = pictures(4, 0);
  bad.image[7] = NaN;
  await expect(trainer.step(bad)).rejects.toMatchObject({
    code: "train/not-finite",
    message: expect.stringContaining("Step 1 of Tiny") as string,
    help: expect.stringContaining("learning rate") as string,
  });
  expect(await trainer.parameters()).toEqual(before);
  expect((await trainer.step(pictures(4, 0))).step).toBe(1);
  const after = await trainer.parameters();
  const changed = [...after].filter(([name, values]) => !same(values, before.get(name)!));
  expect(changed.map(([name]) => name.split(".")[0])).toEqual(["head", "head", "fc", "fc"]);
});

const same = (a: Float32Array, b: Float32Array): boolean => a.every((value, i) => value === b[i]);

it("trains what stands behind a frozen front on what that makes of the batch", async () => {
  const learningRates = { "stem.*": 0 };
  await using whole = await start({ learningRates, seed: 5, auxWeights: { head: 0 } });
  await using kept = await start({ learningRates, seed: 5, keepFeatures: true });
  const expected = await whole.fit(data);
  const last = await kept.fit(data);
  expect(last.last!.losses.prob).toBeCloseTo(expected.last!.losses.prob, 5);
  expect(last.last!.losses).not.toHaveProperty("head");
  const [a, b] = [await whole.evaluate(data), await kept.evaluate(data)];
  expect(b.loss).toBeCloseTo(a.loss, 5);
  expect(b.outputs.prob.confusion).toEqual(a.outputs.prob.confusion);

  // What comes of it is of the whole network.
  const { image } = pictures(4, 0);
  await using model = await kept.model();
  await using other = await whole.model();
  const [mine, theirs] = [await model.run({ image }), await other.run({ image })];
  // The features are nobody's but the trainer's.
  expect([Object.keys(mine), Object.keys(model.info.outputs)]).toEqual([["prob"], ["prob"]]);
  theirs.prob.forEach((p, i) => expect(mine.prob[i]).toBeCloseTo(p, 5));
  const before = await kept.parameters();
  expect(before.has("stem.0.conv.weight")).toBe(true);
  await kept.save(join(folder, "kept.checkpoint"));
  await using resumed = await start({ resume: join(folder, "kept.checkpoint") });
  expect(await resumed.parameters()).toEqual(before);
  expect(await resumed.evaluate(data)).toEqual(b);
});

it("asks for each picture once where it keeps features", async () => {
  const opened = new Map<string, number>();
  const pictures = (name: string, size: number): Pictures => ({
    ...{ size, classes: 3, label: (i) => i % 3, name: (i) => `${name}[${i}]` },
    picture: (i) => {
      opened.set(`${name}[${i}]`, (opened.get(`${name}[${i}]`) ?? 0) + 1);
      // The last of them is none.
      if (i === size - 1) return Uint8Array.of(1, 2, 3);
      const data = Uint8Array.from({ length: 192 }, (_, at) => (at % 3 === i % 3 ? 255 : at % 90));
      return { data, width: 8, height: 8, channels: 3 };
    },
  });
  const [train, test] = [pictures("train", 24), pictures("test", 7)];
  const learningRates = { "stem.*": 0 };
  const run = async (options: object, fit: object) => {
    const broken: string[] = [];
    await using trainer = await start({
      learningRates,
      seed: 5,
      auxWeights: { head: 0 },
      ...options,
    });
    const onBroken = ({ message }: Error): void => void broken.push(message.split(":")[0]!);
    await trainer.fit(train, { validate: test, onBroken, ...fit });
    return { loss: (await trainer.evaluate(test, { onBroken })).loss, broken };
  };
  const expected = await run({}, { augment: false });
  expect(new Set(opened.values())).toEqual(new Set([3, 4]));
  opened.clear();
  const kept = await run({ keepFeatures: true, auxWeights: {} }, {});
  expect(kept.loss).toBeCloseTo(expected.loss, 5);
  expect(kept.broken).toEqual(expected.broken);
  const times = [...opened].filter(([name]) => !["train[23]", "test[6]"].includes(name));
  expect(times.map(([, count]) => count)).toEqual(Array(29).fill(1));
  const augment = [{ kind: "flip" }];
  await expect(run({ keepFeatures: true, auxWeights: {} }, { augment })).rejects.toThrow(
    "Tiny.trainer.fit: augment changes pictures, and keepFeatures keeps what is made of each as it is",
  );
});

it("keeps no features where nothing is frozen before what learns", async () => {
  await expect(start({ keepFeatures: true })).rejects.toMatchObject({ code: "train/no-front" });
});
