/** What a run begins with besides its flags: parameters that another count of classes makes anew, and a front. */
import { frontOf, headOf } from "../../autodiff/front.js";
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { trainableOf } from "../../emit/trainable.js";
import type { Network } from "../../model/network.js";
import { elements, sameShape } from "../../ops/shape.js";
import { bytes } from "../terminal.js";
import { planTraining } from "../../runtime/train/plan.js";
import { matchWeights } from "../../runtime/weights/match.js";
import type { Naming } from "../../runtime/weights/naming.js";
import { trainedTensors } from "../../runtime/weights/trained.js";
import { openCheckpoint } from "../../checkpoints/open.js";
import type { RunData } from "./data.js";
import type { AskedTrainer } from "./trainer-options.js";

/**
 * Names of parameters that the file has in the shape of another count of classes. What else does not
 * fit is told when the file is loaded.
 *
 * @param asked where the weights are, and how their tensors find the parameters
 * @param before the network with the classes that its spec says
 * @throws InceptError of `weights/` or `file/`
 */
export async function freshByClasses(
  { weights, rename, key, byOrder }: Pick<AskedTrainer, "weights" | keyof Naming>,
  before: Network,
  after: Network,
): Promise<readonly string[]> {
  if (weights === undefined || before === after || weights.startsWith("random:")) return [];
  const file = await openCheckpoint(weights, { key });
  await file.close();
  const given = trainedTensors(file, false);
  // A file may have been written without the heads: then all that the others are called counts.
  const fitting = [ownOf(before), allOf(before)].map(
    (parameters) => matchWeights(parameters, given, { rename, byOrder }).found,
  );
  const was = new Map(allOf(before).map(({ name, shape }) => [name, shape]));
  return allOf(after).flatMap(({ name, shape }) => {
    const isOld = fitting.some((found) => found.has(name));
    return isOld && !sameShape(shape, was.get(name) ?? shape) ? [name] : [];
  });
}

const ownOf = (network: Network) => trainableOf(network).parameters;

const allOf = (network: Network) => [
  ...ownOf(network),
  ...trainableOf(network).train.heads.flatMap((head) => head.parameters),
];

/** What is told of parameters that begin anew. */
export const freshText = (names: readonly string[], classes: number): string =>
  `The data have ${counted(classes, "class", "classes")}, and the weights are of other ones: ` +
  `${names.join(", ")} ${names.length === 1 ? "begins" : "begin"} anew.`;

/** More than that is not held in memory. */
const mostBytes = 2 ** 31;

export interface KeptFront {
  /** The path of its last step. */
  readonly front: string;
  /** Of what it makes of all pictures. */
  readonly bytes: number;
  readonly isKept: boolean;
}

/**
 * The front that is frozen, and whether what it makes of the pictures is held in memory; undefined
 * where there is none.
 *
 * @param asked what the flags say
 */
export function keptFront(
  network: Network,
  asked: AskedTrainer,
  { train, validation }: RunData,
): KeptFront | undefined {
  const call = `${network.name}.trainer`;
  const options = { ...asked, keepFeatures: true };
  const { losses, frozen } = planTraining(call, trainableOf(network), options).request;
  const front = frontOf(network, { losses, frozen });
  if (front === undefined) return undefined;
  const each = elements(headOf(network, front, losses).inputs[0].shape) * 4;
  const size = (train.size + (validation?.size ?? 0)) * each;
  return { front, bytes: size, isKept: size <= mostBytes };
}

export const keptText = (
  { front, bytes: size, isKept }: KeptFront,
  { train, validation }: RunData,
): string => {
  const pictures = counted(train.size + (validation?.size ?? 0), "picture");
  const what = `Layers up to ${front} are frozen: ${pictures} go through them`;
  return isKept
    ? `${what} once, as they are (with --no-keep-features each epoch, and augmented).`
    : `${what} each epoch, since what those make of them would take ${bytes(size)} of memory.`;
};

/** @throws InceptError `args/conflict` for an `--init` of nothing */
export function requireBeginning({ init, weights }: AskedTrainer, fresh: readonly string[]): void {
  if (init === undefined || weights === undefined || fresh.length > 0) return;
  throw new InceptError("args/conflict", "--init is for parameters that --weights does not give.", {
    help: "leave one of them out, or add --fresh PATTERNS",
  });
}
