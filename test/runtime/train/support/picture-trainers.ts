/** Trainers of the fake network on pictures of four pixels. */
import type { Pictures, TrainerOptions } from "../../../../src/index.js";
import type { Manifest, ManifestInput } from "../../../../src/emit/manifest.js";
import type { ImageInput } from "../../../../src/model/network.js";
import { addon as native } from "../../image/support.js";
import { type FakeAddon, manifest } from "./fake-trainer.js";
import { fakeTrainers, type Line } from "./trainers.js";

/** The bytes as they are: 2x2 of one channel, which the fake network takes for 4 numbers. */
const image: ImageInput = {
  ...{ size: [2, 2], fit: "crop", resize: 2, interpolation: "bilinear" },
  ...{ order: "luma", range: 255, mean: [0], std: [1] },
};
export const input: ManifestInput = { name: "image", shape: [1, 2, 2], image };
const loss = { prob: { kind: "cross_entropy" } } as const;
type Options = TrainerOptions<Line, typeof loss>;

export type Augment = NonNullable<Manifest["train"]>["augment"];

/** Makes trainers, each disposed of after its test. */
export function pictureTrainers() {
  const { start } = fakeTrainers();
  return async function startOn(
    options: Partial<Options> = {},
    augment: Augment = [],
    oneValue: string[] = [],
    labels?: readonly string[],
  ) {
    const named = labels === undefined ? {} : { labels };
    const changed = {
      manifest: {
        ...{ inputs: [input] as const, train: { ...manifest.train!, augment } },
        ...{ ...named, settings: { width: 8, classes: 3 } },
      },
      training: { oneValue },
    };
    const asked = options.resume === undefined ? { loss, ...options } : options;
    const { trainer, addon } = await start<typeof loss>(asked, changed);
    addon.preparePictures = (...given) => native.preparePictures(...given);
    return { trainer, addon };
  };
}

/** Of picture i all four pixels are i, or its corners told apart; class i mod 3. */
export const pictures = (
  size: number,
  broken: readonly number[] = [],
  corners = false,
): Pictures => ({
  size,
  classes: 3,
  label: (i) => i % 3,
  name: (i) => `photos/${i}.png`,
  picture: (i) => {
    if (broken.includes(i)) return new Uint8Array([1, 2, 3]);
    const data = corners ? Uint8Array.of(i, i + 1, i + 2, i + 3) : new Uint8Array(4).fill(i);
    return { data, width: 2, height: 2, channels: 1 };
  },
});

/** The pictures of each run, by their first pixel. */
export const ran = ({ runs }: FakeAddon): number[][] =>
  runs.map(({ inputs }) => [...inputs.get("image")!].filter((_, i) => i % 4 === 0));
export const targets = ({ runs }: FakeAddon): number[][] =>
  runs.map(({ inputs }) => [...inputs.get("prob:target")!]);
