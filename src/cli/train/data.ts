/** The pictures of a run: to learn from and to judge by, and whether the network can. */
import { openData } from "../../data/open-data.js";
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { visibleName } from "../../diagnostics/visible.js";
import { shownPath } from "../../files/display.js";
import type { Network } from "../../model/network.js";
import { channels } from "../../ops/shape.js";
import type { Pictures } from "../../runtime/train/pictures.js";
import { say } from "../terminal.js";

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
  const judged = await openTestData(validate);
  requireSameLabels(
    { what: shownPath(data), labels: train.labels },
    { what: shownPath(validate), labels: judged.labels },
  );
  return { train, validation: judged };
}

/** What data are judged by: those that they set aside for it, else all. */
export async function openTestData(path: string): Promise<Pictures> {
  const { train, validation } = await openData(path, { validation: 0 });
  return validation ?? train;
}

/**
 * Before a minute goes into compiling.
 *
 * @throws InceptError `data/classes` or `data/labels` for pictures of other classes than the network's
 */
export function requireClasses(network: Network, pictures: Pictures): void {
  const { name, members, labels } = network;
  const outputs = members.filter(({ kind }) => kind === "output");
  const [output] = outputs;
  if (output === undefined || outputs.length > 1) return;
  const count = channels(output.chain.output);
  if (pictures.classes !== count) {
    throw new InceptError(
      "data/classes",
      `The data have ${counted(pictures.classes, "class", "classes")}, and the output ${output.name} ` +
        `of ${name} has ${count}.`,
      {
        help: `give the network as many, as by --set classes=${pictures.classes} where its spec has such a parameter`,
      },
    );
  }
  if (labels === undefined || pictures.labels === undefined) return;
  requireSameLabels(
    { what: "the spec's labels", labels: labels.names },
    { what: "the data", labels: pictures.labels },
  );
}

interface Named {
  readonly what: string;
  readonly labels?: readonly string[] | undefined;
}

/**
 * The same names in another order would be learned as each other. Other names may mean the same.
 *
 * @throws InceptError `data/labels`
 */
export function requireSameLabels(a: Named, b: Named): void {
  if (a.labels === undefined || b.labels === undefined) return;
  const [first, second] = [a.labels, b.labels];
  const at = first.findIndex((label, i) => label !== second[i]);
  if (at === -1 && first.length === second.length) return;
  const differ =
    `class ${Math.max(at, 0)} is ${quoted(first[at])} in ${a.what} ` +
    `and ${quoted(second[at])} in ${b.what}`;
  const same = [...first].sort().join("\n") === [...second].sort().join("\n");
  if (!same && first.length === second.length) return say(`warning: ${differ}`);
  throw new InceptError("data/labels", `The classes do not agree: ${differ}.`, {
    help: "let both name the same classes in the same order",
  });
}

const quoted = (label: string | undefined): string =>
  label === undefined ? "absent" : `"${visibleName(label)}"`;
