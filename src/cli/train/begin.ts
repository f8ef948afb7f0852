/** What a run begins with besides its flags: parameters that another count of classes makes anew, and a front. */
import { frontOf, headOf } from "../../autodiff/front.js";
import { counted } from "../../diagnostics/counted.js";
import { trainableOf } from "../../emit/trainable.js";
import type { Network } from "../../model/network.js";
import { elements, sameShape } from "../../ops/shape.js";
import { planTraining } from "../../runtime/train/plan.js";
import { SafetensorsFile } from "../../runtime/weights/safetensors.js";
import type { RunData } from "./data.js";
import type { AskedTrainer } from "./trainer-options.js";

/**
 * Names of parameters that the file has in the shape of another count of classes. What else does not
 * fit is told when the file is loaded.
 *
 * @param before the network with the classes that its spec says
 * @throws InceptError of `weights/` or `file/`
 */
export async function freshByClasses(
  weights: string,
  before: Network,
  after: Network,
): Promise<readonly string[]> {
  if (before === after || weights.startsWith("random:")) return [];
  const was = new Map(parametersOf(before).map(({ name, shape }) => [name, shape]));
  const file = await SafetensorsFile.open(weights);
  await file.close();
  return parametersOf(after).flatMap(({ name, shape }) => {
    const [old, stored] = [was.get(name), file.tensors.get(name)];
    const isOld = old !== undefined && stored !== undefined && sameShape(stored.shape, old);
    return isOld && !sameShape(shape, stored.shape) ? [name] : [];
  });
}

function parametersOf(network: Network) {
  const { parameters, train } = trainableOf(network);
  return [...parameters, ...train.heads.flatMap((head) => head.parameters)];
}

/** What is told of parameters that begin anew. */
export const freshText = (names: readonly string[], classes: number): string =>
  `The data have ${counted(classes, "class", "classes")}, and the weights are of other ones: ` +
  `${names.join(", ")} ${names.length === 1 ? "begins" : "begin"} anew.`;

/** More than that is not held in memory. */
const mostBytes = 2 ** 31;

/**
 * The path of a front that is worth keeping, with its features held in memory.
 *
 * @param asked what the flags say
 */
export function keptFront(
  network: Network,
  asked: AskedTrainer,
  { train, validation }: RunData,
): string | undefined {
  const call = `${network.name}.trainer`;
  const options = { ...asked, keepFeatures: true };
  const { losses, frozen } = planTraining(call, trainableOf(network), options).request;
  const front = frontOf(network, { losses, frozen });
  if (front === undefined) return undefined;
  const each = elements(headOf(network, front, losses).input.shape) * 4;
  const bytes = (train.size + (validation?.size ?? 0)) * each;
  return bytes <= mostBytes ? front : undefined;
}

export const keptText = (front: string, { train, validation }: RunData): string =>
  `Layers up to ${front} are frozen: ${counted(train.size + (validation?.size ?? 0), "picture")} go through ` +
  `them once, as they are (with --no-keep-features each epoch, and augmented).`;
