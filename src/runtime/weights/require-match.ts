import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { visible, visibleJson, visibleName } from "../../diagnostics/visible.js";
import { floatDtypes } from "../../checkpoints/dtype.js";
import { sizesText } from "../../checkpoints/named-shape.js";
import type { Cause } from "./causes.js";
import type { GivenTensor } from "./given.js";
import type { Mismatch, WeightMatch } from "./match.js";
import { wrongOrder } from "./order-text.js";
import type { RenameMap } from "./rename.js";

/**
 * @param file the checkpoint as messages name it
 * @param given all its tensors: where nothing fits, the message says what there is
 * @param causes what is likely wrong: the help is the first of them
 * @throws InceptError `weights/order`, `weights/rename`, `weights/missing`, `weights/unreadable`, `weights/shape`,
 *   `weights/dtype` or `weights/extra`
 */
export function requireMatch(
  match: WeightMatch,
  file: string,
  given: readonly GivenTensor[] = [],
  causes: readonly Cause[] = [],
): void {
  const [cause] = causes;
  const disordered = match.order && wrongOrder(file, match.order);
  if (disordered !== undefined) throw disordered;
  const [clash] = match.clashes;
  if (clash !== undefined) {
    const count = `${file} has ${counted(clash.tensors.length, "tensor")} for ${visibleName(clash.name)}`;
    throw new InceptError("weights/rename", `${count}: ${listNames(clash.tensors)}`, {
      help: "rename only one of them to it",
    });
  }
  if (match.missing.length > 0) throw missing(match, file, given, cause);
  const [unread] = match.unreadable;
  if (unread?.given.unreadable !== undefined) {
    const { what, help } = unread.given.unreadable;
    const name = visibleName(unread.given.name);
    const others = match.unreadable.length > 1 ? ` (and ${match.unreadable.length - 1} more)` : "";
    const message = `${file}: ${name} is ${visible(what)}, which is not read${others}`;
    throw new InceptError("weights/unreadable", message, { help });
  }
  const [shape] = match.wrongShape;
  if (shape !== undefined) {
    const expected = `expected ${sizesText(shape.expected.shape)}`;
    const is = sizesText(shape.given.shape);
    throw mismatch("weights/shape", file, match.wrongShape, is, expected, cause);
  }
  const [dtype] = match.wrongDtype;
  if (dtype !== undefined) {
    const expected = `expected ${dtypesText}`;
    throw mismatch(
      "weights/dtype",
      file,
      match.wrongDtype,
      visibleName(dtype.given.dtype ?? ""),
      expected,
    );
  }
  if (match.extra.length > 0) {
    throw new InceptError(
      "weights/extra",
      `${file} has what the network's layers do not: ${listNames(match.extra)}`,
      { help: cause?.text ?? "is a bias: true or a norm missing in the spec?" },
    );
  }
}

/** `F32, F16, BF16 or F64` */
export const dtypesText = `${floatDtypes.slice(0, -1).join(", ")} or ${floatDtypes.at(-1)}`;

function missing(
  match: WeightMatch,
  file: string,
  given: readonly GivenTensor[],
  cause: Cause | undefined,
): InceptError {
  const { found, wrongShape, wrongDtype, unreadable } = match;
  const present = found.size + wrongShape.length + wrongDtype.length + unreadable.length;
  const total = present + match.missing.length;
  const names = listNames(match.missing.map(({ name }) => name));
  const lacks = `${file} lacks ${match.missing.length} of ${counted(total, "parameter")}: ${names}`;
  // What a cause explains is not to be renamed: a norm's bias has the shape of the one that is missing.
  const near = match.missing.find(
    ({ name, nearest }) => nearest !== undefined && cause?.names.includes(name) !== true,
  )?.nearest;
  const prefix = prefixHint(match);
  const unused = match.unusedRenames.map((entry) => `"${entry}"`);
  const hints = [
    ...(prefix === undefined ? [] : [` (${prefix.where})`]),
    ...(prefix !== undefined || near === undefined
      ? []
      : [` (it has ${visibleName(near)}: use --rename)`]),
    ...(prefix === undefined && match.found.size === 0 ? [`; ${contents(given)}`] : []),
    ...(unused.length === 0 ? [] : [`; it has nothing to rename by ${listNames(unused)}`]),
  ];
  return new InceptError(
    "weights/missing",
    lacks + hints.join(""),
    prefix === undefined
      ? helpOf(cause)
      : { help: `rename with ${prefix.rename}: a file for --rename, or rename in load` },
  );
}

/** What of a common prefix could not be done unasked, in words, and the rename that does it. */
export function prefixHint({
  rivals = [],
  prefix,
}: WeightMatch): { readonly where: string; readonly rename: string } | undefined {
  if (rivals.length > 0) {
    const some = rivals.slice(0, mostRivals).map((rival) => `with "${visibleName(rival)}"`);
    const more = rivals.length > some.length ? ", …" : "";
    return {
      where: `its names begin ${some.join(" and ")}${more}`,
      rename: rivals
        .slice(0, mostRivals)
        .map((rival) => mapText({ [rival.slice(0, -1)]: "" }))
        .join(" or "),
    };
  }
  if (prefix === undefined) return undefined;
  const [[from, to] = ["", ""]] = Object.entries(prefix);
  const where =
    to === ""
      ? `its names begin with "${visibleName(from)}."`
      : `its names lack the "${visibleName(to)}." that the network's begin with`;
  return { where, rename: mapText(prefix) };
}

const mostRivals = 3;

/** `{"module": ""}`, as a rename map has it. */
const mapText = (map: RenameMap): string => visibleJson(map).replace(/":"/, '": "');

/** What is told of a prefix that was left off. */
export const leftOffText = (prefix: string): string =>
  `the checkpoint's names begin with "${visibleName(prefix)}", which was left off`;

/** `it has 7 tensors: x.weight [3, 4], y [2], …` */
function contents(given: readonly GivenTensor[]): string {
  if (given.length === 0) return "it has no tensors";
  const some = given
    .slice(0, 3)
    .map(({ name, shape }) => `${visibleName(name)} ${sizesText(shape)}`);
  const more = given.length > some.length ? ", …" : "";
  return `it has ${counted(given.length, "tensor")}: ${some.join(", ")}${more}`;
}

function mismatch(
  code: "weights/shape" | "weights/dtype",
  file: string,
  all: readonly Mismatch[],
  is: string,
  expected: string,
  cause?: Cause,
): InceptError {
  const name = visibleName(all[0]?.given.name ?? "");
  const others = all.length > 1 ? ` (and ${all.length - 1} more)` : "";
  return new InceptError(code, `${file}: ${name} is ${is}, ${expected}${others}`, helpOf(cause));
}

const helpOf = (cause: Cause | undefined): { help?: string } =>
  cause === undefined ? {} : { help: cause.text };

/** The first three. */
export const listNames = (names: readonly string[]): string =>
  [...names.slice(0, 3).map(visibleName), ...(names.length > 3 ? ["…"] : [])].join(", ");
