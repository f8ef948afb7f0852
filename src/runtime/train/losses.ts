/** Which outputs and heads are trained, by which losses, and how much each of them counts. */
import type { OutputLoss } from "../../autodiff/loss.js";
import type { TrainingHead } from "../../emit/manifest-training.js";
import { channels, plane, sameShape, type Shape } from "../../ops/shape.js";
import type { Trainable } from "../variants.js";
import { unknownName } from "../wrong-call.js";
import type { Loss } from "./types.js";

export interface TrainedOutput {
  readonly name: string;
  readonly shape: Shape;
  readonly loss: Loss;
}

export interface TrainedHead {
  readonly name: string;
  /** The output whose targets and loss it has. */
  readonly targets: TrainedOutput;
  readonly weight: number;
}

export interface LossPlan {
  readonly outputs: readonly TrainedOutput[];
  readonly heads: readonly TrainedHead[];
}

/**
 * @param call as messages name it
 * @throws TypeError for names that there are not, and numbers that do not fit the classes
 */
export function planLosses(
  call: string,
  { model, outputs, train }: Trainable,
  asked: {
    readonly loss?: Readonly<Record<string, Loss>> | undefined;
    readonly auxWeights?: Readonly<Record<string, number>> | undefined;
    /** Heads are for layers that learn before them. */
    readonly keepFeatures?: boolean | undefined;
  },
): LossPlan {
  const own = outputs.filter(({ kind }) => kind === "output");
  const losses = new Map(Object.entries(asked.loss ?? defaultLosses(train.losses)));
  requireNames(call, "output", [...losses.keys()], own);
  requireNames(call, "auxiliary head", Object.keys(asked.auxWeights ?? {}), train.heads);
  const trained = own.flatMap(({ name, shape }): TrainedOutput[] => {
    const loss = losses.get(name);
    if (loss === undefined) return [];
    requireClasses(call, name, shape, loss);
    requireClassWeights(call, name, shape, loss);
    return [{ name, shape, loss }];
  });
  if (trained.length === 0) {
    const is = asked.loss === undefined ? "is missing, and the spec says none" : "names no output";
    throw new TypeError(`${call}: loss ${is}; ${model} has ${namesOf(own)}.`);
  }
  const wanted = asked.keepFeatures === true ? [] : train.heads;
  const heads = wanted.flatMap((head): TrainedHead[] => {
    const targets = targetsOf(call, head, trained);
    if (targets === undefined) return [];
    return [{ name: head.name, targets, weight: asked.auxWeights?.[head.name] ?? head.weight }];
  });
  return { outputs: trained, heads };
}

/** What has to be known when the training program is built. */
export const outputLosses = ({ outputs, heads }: LossPlan): readonly OutputLoss[] => [
  ...outputs.map((output) => outputLoss(output.name, output)),
  ...heads.map(({ name, targets }) => outputLoss(name, targets)),
];

function outputLoss(output: string, { name, loss }: TrainedOutput): OutputLoss {
  const base = { output, kind: loss.kind, targets: name };
  if (loss.kind !== "cross_entropy") return base;
  return {
    ...base,
    ...(loss.classWeights === undefined ? {} : { classWeights: true }),
    ...(loss.ignore === undefined ? {} : { ignore: loss.ignore }),
  };
}

const defaultLosses = (losses: Trainable["train"]["losses"]): Readonly<Record<string, Loss>> =>
  Object.fromEntries(
    losses.map(({ output, kind, ...numbers }) => [
      output,
      kind === "cross_entropy" ? { kind, ...numbers } : { kind },
    ]),
  );

function requireNames(
  call: string,
  what: string,
  given: readonly string[],
  known: readonly { readonly name: string }[],
): void {
  const names = known.map(({ name }) => name);
  const stranger = given.find((name) => !names.includes(name));
  if (stranger !== undefined) throw unknownName(call, what, stranger, names);
}

function requireClasses(call: string, name: string, shape: Shape, loss: Loss): void {
  if (loss.kind !== "cross_entropy" || channels(shape) > 1) return;
  throw new TypeError(
    `${call}: loss.${name} is cross_entropy, which tells classes apart, and ${name} has one number; ` +
      "take sigmoid_cross_entropy for yes or no, or mean_squared_error for a quantity.",
  );
}

function requireClassWeights(call: string, name: string, shape: Shape, loss: Loss): void {
  if (loss.kind !== "cross_entropy" || loss.classWeights === undefined) return;
  const [given, classes] = [loss.classWeights.length, channels(shape)];
  if (given === classes) return;
  throw new TypeError(
    `${call}: loss.${name}.classWeights has ${given} numbers, expected one for each of ${classes} classes.`,
  );
}

/** None where the output that it is like is not trained: then nothing says what is right for it. */
function targetsOf(
  call: string,
  { name, like, shape }: TrainingHead,
  trained: readonly TrainedOutput[],
): TrainedOutput | undefined {
  if (like === undefined && trained.length > 1) {
    const some = namesOf(trained);
    throw new TypeError(
      `${call}: the auxiliary head ${name} learns the targets of one output, and ${some} are trained; ` +
        `say which in the spec: aux ${name}(like: ${trained[0]!.name}).`,
    );
  }
  const targets = trained.find((output) => like === undefined || output.name === like);
  if (targets === undefined || agree(targets.shape, shape)) return targets;
  throw new TypeError(
    `${call}: the auxiliary head ${name} gives ${shape.join(" x ")} numbers and ${targets.name}, ` +
      `whose targets it learns, ${targets.shape.join(" x ")}.`,
  );
}

/** A vector is an image of one pixel. */
const agree = (a: Shape, b: Shape): boolean =>
  channels(a) === channels(b) && sameShape(plane(a), plane(b));

const namesOf = (list: readonly { readonly name: string }[]): string =>
  list.map(({ name }) => name).join(", ");
