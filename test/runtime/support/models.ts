import { afterEach } from "vitest";
import { loadArtefact } from "../../../src/index.js";
import type { Model } from "../../../src/runtime/model.js";
import type { LoadOptions } from "../../../src/runtime/options.js";
import { fakeArtefact } from "./fake.js";

type Options = Pick<LoadOptions, "instances" | "maxQueue"> & { readonly bias?: number[] };

/** Loads models of the fake network, each disposed of after its test. */
export function fakeModels(): { folder: string; load: (options?: Options) => Promise<Model> } {
  const folder = fakeArtefact();
  const open: Model[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((model) => model.dispose()));
  });
  return {
    folder,
    load: async ({ bias = [1, 2, 3, 4], ...rest } = {}) => {
      const net = await loadArtefact(folder);
      const weights = { "layer.bias": Float32Array.from(bias) };
      const model = await net.load({ weights, ...rest });
      open.push(model);
      return model;
    },
  };
}

/** An image for which the fake network takes 100 ms. */
export const slow = Float32Array.of(-1, 0, 0, 0);
