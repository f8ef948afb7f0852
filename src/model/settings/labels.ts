import type { Labels } from "../../syntax/ast.js";
import { counted } from "../../diagnostics/counted.js";
import type { Source } from "../../diagnostics/diagnostic.js";
import { channels } from "../../ops/shape.js";
import type { NetMember, Network } from "../network.js";
import { classNames } from "../sources/class-names.js";
import type { Read } from "../sources/read.js";
import { readRelative } from "../scope/read-relative.js";
import { fileSite, report } from "../scope/site.js";
import { listed } from "../scope/listed.js";
import type { Unit } from "../scope/unit.js";

export interface ReadLabels {
  readonly labels: NonNullable<Network["labels"]>;
  readonly source: Source;
}

/** One class name a row. An output must have as many channels; `outputs` are those known. */
export function readLabels(
  { path }: Labels,
  outputs: readonly NetMember[],
  unit: Unit,
  read: Read,
): ReadLabels | undefined {
  const source = readRelative(path, unit, "list of labels", read);
  if (source === undefined) return undefined;
  const { value, span } = path;
  const names = classNames(source.text);
  if (names === undefined) {
    report(fileSite(unit), "labels/text", { path: value }, { span });
    return undefined;
  }
  const counts = outputs.map(({ chain }) => channels(chain.output));
  if (outputs.length > 0 && !counts.includes(names.length)) {
    const each = outputs.map(({ name }, i) => `${name} has ${counted(counts[i]!, "channel")}`);
    const params = { path: value, count: names.length, outputs: listed(each) };
    report(fileSite(unit), "labels/count", params, { span });
    return undefined;
  }
  return { labels: { path: value, names, span }, source };
}
