/** What `inceptc train` takes from its data: the number of classes, and what then begins anew. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { freshByClasses, freshText, keptFront, keptText } from "../../../src/cli/train/begin.js";
import { classesOf } from "../../../src/cli/labelled.js";
import { withClassesOf } from "../../../src/cli/train/classes.js";
import { trainableOf } from "../../../src/emit/trainable.js";
import { checkFile } from "../../../src/model/check-file.js";
import type { Network } from "../../../src/model/network.js";
import { elements } from "../../../src/ops/shape.js";
import type { Pictures } from "../../../src/runtime/train/pictures.js";
import { float32Tensor, writeSafetensors } from "../../../src/checkpoints/safetensors/write.js";

const folder = mkdtempSync(join(tmpdir(), "incept-classes-"));
afterAll(() => rmSync(folder, { recursive: true }));

function specOf(name: string, body: string): string {
  const file = join(folder, `${name}.incept`);
  writeFileSync(file, body);
  return file;
}

const networkIn = (file: string, set: Record<string, string> = {}): Network =>
  checkFile(file, { set }).network!;

const pictures = (classes: number, labels?: readonly string[], size = 10): Pictures => ({
  ...{ size, classes, label: () => 0, name: String, picture: String },
  ...(labels === undefined ? {} : { labels }),
});

const net = specOf(
  "net",
  `model Net(classes = 5, width = 8) {
    input image: f32[3, 8, 8] from image
    stem: conv(3x3, width)
    aux side: globalavgpool -> linear(classes)
    output prob: globalavgpool -> dropout(0.5) -> linear(classes) as fc -> softmax
  }`,
);

describe("the classes of the data", () => {
  it("are given to the one parameter that says how many there are", () => {
    const fitted = withClassesOf(net, {}, networkIn(net), pictures(3));
    expect(fitted.set).toEqual({ name: "classes", value: "3" });
    expect(classesOf(fitted.network)).toBe(3);
    expect(fitted.network.settings).toEqual({ classes: 3, width: 8 });
  });

  it("are left as they are where they agree, or where a flag says how many", () => {
    const network = networkIn(net);
    expect(withClassesOf(net, {}, network, pictures(5))).toEqual({ network });
    const set = { classes: "4" };
    const told = networkIn(net, set);
    expect(withClassesOf(net, { set }, told, pictures(3))).toEqual({ network: told });
  });

  it("are nobody's where no parameter, or more than one, says them", () => {
    const fixed = specOf(
      "fixed",
      "model Fixed(n = 5) {\n input x: f32[3, 8, 8]\n output y: conv(1x1, n) -> globalavgpool -> linear(5)\n}",
    );
    const network = networkIn(fixed);
    expect(withClassesOf(fixed, {}, network, pictures(3))).toEqual({ network });
    const either = specOf(
      "either",
      "model Either(m = 5, n = 5) {\n input x: f32[3, 8, 8]\n output y: globalavgpool -> linear(m + n - 5)\n}",
    );
    const both = networkIn(either);
    expect(withClassesOf(either, {}, both, pictures(3))).toEqual({ network: both });
  });

  it("may be some of those that the spec names", () => {
    writeFileSync(join(folder, "labels.txt"), "ant\nbee\ncat\n");
    const named = specOf(
      "named",
      `model Named(classes = 3) {
        input image: f32[3, 8, 8] from image
        labels "labels.txt"
        output prob: globalavgpool -> linear(classes)
      }`,
    );
    const network = networkIn(named);
    expect(withClassesOf(named, {}, network, pictures(2, ["bee", "cat"]))).toEqual({ network });
    // Names of others would be those of the labels: then the spec has to say which.
    expect(withClassesOf(named, {}, network, pictures(2, ["dog", "eel"]))).toEqual({ network });
  });
});

describe("what begins anew", () => {
  const file = join(folder, "weights.safetensors");

  it("has the shape of the old classes in the file, and none else", async () => {
    const network = networkIn(net);
    const { parameters } = trainableOf(network);
    const tensors = parameters.map(
      ({ name, shape }) => [name, float32Tensor(shape, new Float32Array(elements(shape)))] as const,
    );
    await writeSafetensors(file, new Map(tensors), {});
    const { network: other } = withClassesOf(net, {}, network, pictures(3));
    expect(await freshByClasses({ weights: file }, network, other)).toEqual([
      "fc.weight",
      "fc.bias",
    ]);
    expect(await freshByClasses({ weights: file }, network, network)).toEqual([]);
    expect(await freshByClasses({ weights: file }, other, network)).toEqual([]);
    expect(await freshByClasses({ weights: "random:1" }, network, other)).toEqual([]);
    const wrapped = tensors.map(([name, tensor]) => [`module.${name}`, tensor] as const);
    await writeSafetensors(file, new Map(wrapped), {});
    expect(await freshByClasses({ weights: file }, network, other)).toEqual([
      "fc.weight",
      "fc.bias",
    ]);
    const called = tensors.map(([name, tensor]) => [name.replace("fc", "head"), tensor] as const);
    await writeSafetensors(file, new Map(called), {});
    expect(await freshByClasses({ weights: file }, network, other)).toEqual([]);
    const rename = { head: "fc" };
    expect(await freshByClasses({ weights: file, rename }, network, other)).toEqual([
      "fc.weight",
      "fc.bias",
    ]);
    expect(freshText(["fc.weight", "fc.bias"], 3)).toBe(
      "The data have 3 classes, and the weights are of other ones: fc.weight, fc.bias begin anew.",
    );
  });

  it("is told of what is lacking when the file is read", async () => {
    await expect(
      freshByClasses(
        { weights: join(folder, "absent.safetensors") },
        networkIn(net),
        networkIn(net, { classes: "3" }),
      ),
    ).rejects.toMatchObject({ code: "file/not-found" });
  });
});

describe("a frozen front", () => {
  const data = { train: pictures(5), validation: pictures(5, undefined, 2) };
  const learningRates = { "stem.*": 0 };

  it("is kept as far as it goes", () => {
    const found = keptFront(networkIn(net), { learningRates }, data)!;
    expect(found).toEqual({ front: "prob.0", bytes: 12 * 8 * 4, isKept: true });
    expect(keptFront(networkIn(net), { learningRates: { "fc.*": 0 } }, data)).toBeUndefined();
    expect(keptText(found, data)).toBe(
      "Layers up to prob.0 are frozen: 12 pictures go through them once, as they are " +
        "(with --no-keep-features each epoch, and augmented).",
    );
  });

  it("is not kept where memory would not hold it, which is told", () => {
    // 8 numbers of 4 bytes a picture: 2 GiB are 67,108,864 pictures.
    const of = (size: number) => ({ train: pictures(5, undefined, size) });
    const found = (size: number) => keptFront(networkIn(net), { learningRates }, of(size))!;
    expect([found(2 ** 26).isKept, found(2 ** 26 + 1).isKept]).toEqual([true, false]);
    expect(keptText(found(2 ** 27), of(2 ** 27))).toBe(
      "Layers up to prob.0 are frozen: 134,217,728 pictures go through them each epoch, since what " +
        "those make of them would take 4.0 GiB of memory.",
    );
  });
});
