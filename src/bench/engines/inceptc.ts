/** A build of ours, as a program of a user's runs it; one that is timed, as its clock wants it. */
import { version } from "../../emit/package.js";
import { readArtefact, openArtefact, type Artefact } from "../../runtime/artefact.js";
import { loadArtefact } from "../../runtime/load-artefact.js";
import { openSessions } from "../../runtime/sessions.js";
import { loadWeights } from "../../runtime/weights/load.js";
import { loadOptions } from "../../runtime/option-readers.js";
import { elements } from "../../ops/shape.js";
import type { NativeAddon } from "../../runtime/addon.js";
import type { Setup } from "../protocol.js";
import type { Engine, Tensors } from "./engine.js";

type Own = Extract<Setup, { readonly engine: "inceptc" }>;

export async function openInceptc(setup: Own): Promise<Engine> {
  const artefact = readArtefact(setup.directory);
  const addon = openArtefact(artefact);
  if (addon.laps === undefined) return plain(setup);
  return timed(setup, artefact, addon);
}

async function plain({ directory, weights, threads }: Own): Promise<Engine> {
  const net = await loadArtefact(directory);
  const model = await net.load({ weights, threads });
  let given: Tensors = {};
  return {
    version,
    give: (inputs) => void (given = inputs),
    run: () => model.run(given),
  };
}

/** Its clock counts the runs of this thread: see native/abi/laps.h. */
async function timed(
  { weights, threads }: Own,
  { manifest }: Artefact,
  addon: NativeAddon,
): Promise<Engine> {
  const { parameters, inputs, outputs } = manifest;
  const { weights: source } = loadOptions(`${manifest.model}.load`, { weights });
  const { values } = await loadWeights(source, parameters);
  const [session] = await openSessions(addon, 1, { threads, device: 0 }, (model) =>
    model.load(values),
  );
  let given: { readonly batch: number; readonly inputs: readonly Float32Array[] };
  return {
    version,
    give: (tensors, batch) =>
      void (given = { batch, inputs: inputs.map(({ name }) => tensors[name]!) }),
    run: () => {
      const results = outputs.map(({ name, shape }) => {
        return [name, new Float32Array(given.batch * elements(shape))] as const;
      });
      session!.runSync(
        given.batch,
        given.inputs,
        results.map(([, values]) => values),
      );
      return Promise.resolve(Object.fromEntries(results));
    },
    laps: (sections) => addon.laps!(sections),
  };
}
