/** The pictures of a run: to learn from and to judge by, and whether the network can. */
import { openData } from "../../data/open-data.js";
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import type { Network } from "../../model/network.js";
import { channels } from "../../ops/shape.js";
import type { Pictures } from "../../runtime/train/pictures.js";

export interface RunData {
  readonly train: Pictures;
  readonly validation?: Pictures;
}

/** Where they lie, and what is held back. */
export interface DataPlace {
  readonly data: string;
  readonly validate?: string | undefined;
  readonly validation?: number | undefined;
  readonly seed: number;
}

/** @throws InceptError of `data/` or `file/` */
export async function openRunData(place: DataPlace): Promise<RunData> {
  const { data, validate, validation, seed } = place;
  if (validate === undefined) {
    const share = validation === undefined ? {} : { validation };
    return openData(data, { ...share, seed });
  }
  const { train } = await openData(data, { validation: 0 });
  return { train, validation: await openTestData(validate) };
}

/** What data are judged by: those that they set aside for it, else all. */
export async function openTestData(path: string): Promise<Pictures> {
  const { train, validation } = await openData(path, { validation: 0 });
  return validation ?? train;
}

/**
 * Before a minute goes into compiling. Where both have names, the trainer goes by those.
 *
 * @throws InceptError `data/classes` for pictures of more or fewer classes than the network's
 */
export function requireClasses(network: Network, pictures: Pictures): void {
  const { name, members, labels } = network;
  const outputs = members.filter(({ kind }) => kind === "output");
  const [output] = outputs;
  if (output === undefined || outputs.length > 1) return;
  const count = channels(output.chain.output);
  const isNamed = labels !== undefined && pictures.labels !== undefined;
  if (pictures.classes > count || (pictures.classes < count && !isNamed)) {
    throw new InceptError(
      "data/classes",
      `The data have ${counted(pictures.classes, "class", "classes")}, and the output ${output.name} ` +
        `of ${name} has ${count}.`,
      {
        help: `give the network as many, as by --set classes=${pictures.classes} where its spec has such a parameter`,
      },
    );
  }
}
