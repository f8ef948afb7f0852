import type { Manifest, ManifestInput } from "../../../src/emit/manifest.js";
import type { NativeSession } from "../../../src/runtime/addon.js";
import { Model } from "../../../src/runtime/model.js";
import { InstancePool } from "../../../src/runtime/pool.js";
import { addon, plainInput } from "../image/support.js";
import { fakeManifest } from "./fake.js";

const colours = { name: "image", shape: [3, 4, 4], image: plainInput } as const;

/** A model that prepares pictures of 4x4 natively; `ran` has the tensors that it was run with. */
export function pictureModel(input: ManifestInput = colours): {
  readonly model: Model;
  readonly ran: Float32Array[];
} {
  const ran: Float32Array[] = [];
  const instance: Partial<NativeSession> = {
    run: (_, [image], [y]) => {
      if (image !== undefined) ran.push(image);
      return Promise.resolve(void y?.fill(0.5));
    },
    dispose: () => undefined,
  };
  const manifest: Manifest = {
    ...fakeManifest,
    inputs: [input],
    outputs: [{ name: "y", shape: [2], kind: "output", classes: "independent" }],
  };
  const pool = new InstancePool([instance as NativeSession]);
  return { model: new Model(manifest, pool, { unused: [], native: addon, work: 0 }), ran };
}
