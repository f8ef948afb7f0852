/** What small descriptions of models cost that no library writes. */
import { expect, it } from "vitest";
import { Hdf5 } from "../../../src/checkpoints/hdf5/file.js";
import { Group } from "../../../src/checkpoints/hdf5/group.js";
import { HdfObject } from "../../../src/checkpoints/hdf5/object.js";
import { byPlace, type LayerConfig } from "../../../src/checkpoints/keras/config.js";
import { legacyVariables } from "../../../src/checkpoints/keras/legacy.js";
import { Pages } from "../../../src/checkpoints/pages.js";
import { floats, link, object, texts, Writing } from "../hdf5/bytes.js";

const plain = { scale: true, center: true, layers: [] };

it("makes no more of a long class than it may where many layers are in its model", () => {
  const layers = Array.from({ length: 2000 }, () => ({ ...plain, name: "fc", kind: "dense" }));
  const model = { ...plain, name: "m", kind: "m".repeat(60_000), layers };
  expect([...byPlace("w.keras", [{ ...model, kind: "model" }]).keys()].slice(0, 3)).toEqual([
    "layers/model",
    "layers/model/layers/dense",
    "layers/model/layers/dense_1",
  ]);
  expect(() => byPlace("w.keras", [model])).toThrow(
    expect.objectContaining({
      code: "weights/damaged",
      message:
        "w.keras is damaged: its description has layers at places of over 67108864 characters.",
    }),
  );
});

it("looks the layers of a model through once, however many weights are in them", async () => {
  const names = Array.from({ length: 300 }, (_, i) => `c${i}`);
  const file = new Writing();
  const conv = file.add(object(link("kernel:0", file.add(object(floats(2))))));
  const paths = names.map((name) => `${name}/kernel:0`);
  const inner = file.add(
    object(...names.map((name) => link(name, conv)), texts("weight_names", ...paths)),
  );
  const root = file.add(object(link("inner", inner), texts("layer_names", "inner")));
  const hdf5 = new Hdf5(new Pages(file.done(root)));
  let asked = 0;
  const layers = names.map((is): LayerConfig => ({
    ...plain,
    kind: `kind_of_${is}`,
    get name() {
      asked++;
      return is;
    },
  }));
  const configs = [{ ...plain, name: "inner", kind: "model", layers }];
  const group = await Group.of(await HdfObject.read(hdf5, root, "/"));
  const variables = await legacyVariables(group, configs);
  expect(variables.map(({ kind }) => kind)).toEqual(names.map((name) => `kind_of_${name}`));
  expect(asked).toBeLessThan(2 * names.length);
});
