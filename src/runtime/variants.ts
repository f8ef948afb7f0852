import { isDeepStrictEqual } from "node:util";
import { inOrder } from "../build/choose/train-order.js";
import type { OutputLoss } from "../autodiff/loss.js";
import type { CpuChoice, TrainRequest } from "../build/request.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { visibleJson } from "../diagnostics/visible.js";
import type { Manifest } from "../emit/manifest.js";
import type { Trainable } from "../emit/trainable.js";
import { shownPath } from "../files/display.js";
import { hostLevel, levelsOfArch } from "../targets/cpu/level.js";
import type { Artefact } from "./artefact.js";
import type { BuildOptions } from "./options.js";
import { isLearned } from "./train/rates.js";

export type { Trainable };

export interface VariantOptions extends BuildOptions {
  /** Asks for a build that trains: what it has to be able to, of the network that the options name. */
  readonly train?: (network: Trainable) => TrainRequest;
  /** Asks for the network behind a front, without what is not trained. */
  readonly behind?: { readonly front: string; readonly losses: readonly OutputLoss[] };
}

/** Finds, or compiles, the variant of a network that the options name. */
export type Variants = (options: VariantOptions) => Promise<Artefact>;

/** A built folder offers what it was built for and nothing else. */
export const onlyVariant =
  (artefact: Artefact): Variants =>
  // A promise in any case: what is wrong rejects it.
  async ({ train, behind, ...options }) => {
    const { directory, manifest } = artefact;
    if (behind !== undefined) throw keptElsewhere(directory);
    const wrong = Object.entries(options as Record<string, unknown>).find(
      ([option, value]) => value !== undefined && !isBuiltWith(manifest, option, value),
    );
    if (wrong !== undefined) {
      const [option, value] = wrong;
      const what = `${option} ${visibleJson(value)}`;
      throw notBuilt(
        directory,
        `with ${what}`,
        "leave the option out, or use loadModel with the spec",
      );
    }
    if (train !== undefined) requireTraining(artefact, train);
    return Promise.resolve(artefact);
  };

const notBuilt = (directory: string, how: string, help: string): InceptError =>
  new InceptError("artefact/variant", `${shownPath(directory)} was not built ${how}.`, { help });

const keptElsewhere = (directory: string): InceptError =>
  notBuilt(directory, "to keep features", "leave keepFeatures out, or use loadModel with the spec");

function isBuiltWith(manifest: Manifest, option: string, value: unknown): boolean {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  switch (option as keyof BuildOptions) {
    case "target":
      return value === "auto" || value === manifest.target;
    case "set":
      return Object.entries(value as object).every(([k, v]) => same(v, manifest.settings[k]));
    case "tap":
      return (value as string[]).every((tap) => manifest.outputs.some(({ name }) => name === tap));
    case "without":
      return same([...new Set(value as string[])].sort(), [...manifest.without].sort());
    case "force":
      return same([...new Set(value as string[])].sort(), manifest.force);
    case "cpu":
      return manifest.target === "cpu" && isFor(manifest, value as CpuChoice);
    case "builder":
    case "arch":
      return true;
    default:
      return value === manifest[option as keyof Manifest];
  }
}

/** A build for all instruction sets picks this machine's; which of them runs is not asked of a build. */
function isFor({ level, precision }: Manifest, cpu: CpuChoice): boolean {
  const levels = level.split(" ");
  const own = precision === "bf16" ? "bf16" : "f32";
  if (cpu === "native") return levels.includes(hostLevel(own));
  return levels.join() === (cpu === "all" ? levelsOfArch(own).join() : cpu);
}

/** What a build can be trained on is in its code: the losses, and which parameters learn. */
function requireTraining(
  { directory, manifest }: Artefact,
  asked: NonNullable<VariantOptions["train"]>,
): void {
  const { train, training } = manifest;
  if (train === undefined || training === undefined) {
    throw notBuilt(directory, "to be trained", "build it with inceptc build SPEC --train");
  }
  const request = asked({ ...manifest, train });
  if (request.keepFeatures === true) throw keptElsewhere(directory);
  const { losses, frozen } = inOrder(request);
  const has = training.losses.map(({ of: _, ...loss }) => loss);
  if (!isDeepStrictEqual(has, losses)) {
    const help = "leave the losses as the spec has them, or use loadModel with the spec";
    throw notBuilt(directory, `with these losses`, help);
  }
  const learns = new Set(training.parameters.filter((p) => p.learns).map(({ name }) => name));
  const unreached = new Set(training.unreached);
  const wrong = training.parameters.find(
    ({ name, role }) =>
      isLearned(role) && !unreached.has(name) && learns.has(name) === frozen.includes(name),
  );
  if (wrong === undefined) return;
  const how = learns.has(wrong.name) ? "without" : "with";
  const help = `leave the learning rate of ${wrong.name} as it is, or use loadModel with the spec`;
  throw notBuilt(directory, `${how} derivatives by ${wrong.name}`, help);
}
