/** Pictures whose classes are known, and whether a network is one for them: told before anything is compiled. */
import { openData } from "../data/open-data.js";
import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { trainingDefaults } from "../emit/training-defaults.js";
import type { Network } from "../model/network.js";
import { channels, plane } from "../ops/shape.js";
import { requirePictureInput } from "../runtime/classify.js";
import { classIndices, type KnownNames } from "../runtime/train/class-names.js";
import type { Pictures } from "../runtime/train/pictures.js";

/** What data are judged by: those that they set aside for it, else all. */
export async function openTestData(path: string): Promise<Pictures> {
  const { train, validation } = await openData(path, { validation: 0 });
  return validation ?? train;
}

/** How many classes there are of the only output that is trained. */
export function classesOf(network: Network): number | undefined {
  const outputs = trainedOutputs(network);
  return outputs.length === 1 ? channels(outputs[0]!.shape) : undefined;
}

function trainedOutputs(network: Network) {
  const { losses } = trainingDefaults(network);
  return network.members.flatMap(({ kind, name, chain }) => {
    const loss = losses.find(({ output }) => output === name);
    const isTrained = kind === "output" && loss !== undefined;
    return isTrained ? [{ name, shape: chain.output, kind: loss.kind }] : [];
  });
}

interface ClassOutput {
  readonly model: string;
  readonly name: string;
  readonly count: number;
  /** The spec's names, where it has one for each class. */
  readonly names: readonly string[] | undefined;
}

interface Beside {
  /** What it is judged by beside them: may lack classes. */
  readonly validation?: Pictures | undefined;
  /** Names of the classes that the weights were trained for, where they are known. */
  readonly trained?: readonly string[] | undefined;
}

/**
 * Whether the network takes pictures, and these with their classes.
 *
 * @param call as messages name it
 * @throws InceptError `model/no-image`, `data/classes`, or `data/labels` for names that do not fit
 */
export function requirePictures(
  call: string,
  network: Network,
  pictures: Pictures,
  { validation, trained }: Beside = {},
): void {
  requirePictureInput(call, network.inputs);
  const output = classOutput(network);
  const { count, names } = output;
  const byWeights = trained?.length === count ? trained : undefined;
  const own: KnownNames | undefined =
    names === undefined ? byWeights && { names: byWeights, by: "weights" } : { names, by: "spec" };
  const isNamed = own !== undefined && pictures.labels !== undefined;
  if (pictures.classes > count || (pictures.classes < count && !isNamed)) {
    throw otherClasses("The data", pictures, output);
  }
  requireNames(call, pictures, own);
  if (validation === undefined) return;
  const known = own ?? (pictures.labels && { names: pictures.labels, by: "run" });
  requireNames(call, validation, known);
  const goesByName = known !== undefined && validation.labels !== undefined;
  if (!goesByName && validation.classes > count) {
    throw otherClasses("The pictures to judge by", validation, output);
  }
}

/** A name that is taken in its order is told when it is, and not before. */
function requireNames(call: string, { labels }: Pictures, known: KnownNames | undefined): void {
  if (labels === undefined || known === undefined) return;
  classIndices(call, labels, known, () => undefined);
}

/** The one output whose targets are classes of whole pictures. */
function classOutput(network: Network): ClassOutput {
  const outputs = trainedOutputs(network);
  const [output] = outputs;
  const isOne = outputs.length === 1 && output!.kind === "cross_entropy";
  if (!isOne || plane(output!.shape).some((side) => side !== 1)) {
    const learns = outputs.map(
      ({ name, kind, shape }) => `${name} (${kind} of ${shape.join(" x ")})`,
    );
    throw new InceptError(
      "data/classes",
      `A picture of the data has one class, and ${network.name} learns ${learns.join(" and ")}.`,
      {
        help: "train it from TypeScript, with batches of your own: see docs/trainer.md",
      },
    );
  }
  const { name, shape } = output!;
  const count = channels(shape);
  const names = network.labels?.names;
  return { model: network.name, name, count, names: names?.length === count ? names : undefined };
}

const otherClasses = (what: string, { classes }: Pictures, output: ClassOutput): InceptError =>
  new InceptError(
    "data/classes",
    `${what} have ${counted(classes, "class", "classes")}, and the output ${output.name} ` +
      `of ${output.model} has ${output.count}.`,
    {
      help: `give the network as many, as by --set classes=${classes} where its spec has such a parameter`,
    },
  );
