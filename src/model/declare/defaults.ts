import { suggesting } from "../../diagnostics/mending.js";
import { foreignOperator } from "../../ops/foreign/find.js";
import { joins } from "../../ops/joins/joins.js";
import { operators } from "../../ops/registry.js";
import type { Operator } from "../../ops/operator.js";
import type { Defaults } from "../../syntax/ast.js";
import { readAs } from "../values/evaluate.js";
import { helpOf, likeOperator } from "../values/foreign.js";
import { likeArgument } from "../values/match.js";
import { fileSite, report } from "../scope/site.js";
import type { Unit } from "../scope/unit.js";

type Entry = Defaults["entries"][number];

/** Reads the file's `defaults { conv { act: relu } }`, every value by its argument's kind. */
export function readDefaults(unit: Unit): void {
  const found = unit.file.defaults
    .flatMap(({ entries }) => entries)
    .flatMap((entry) => {
      const operator = operators.get(entry.operator.text);
      if (operator === undefined) reportUnknown(entry, unit);
      return operator === undefined ? [] : [{ entry, operator }];
    });
  // `norm: batchnorm` takes batchnorm's defaults, so operators that nothing refers to come last.
  const first = ({ operator }: { operator: Operator }): number => (takesCalls(operator) ? 1 : 0);
  for (const { entry, operator } of found.sort((a, b) => first(a) - first(b))) {
    readEntry(entry, operator, unit);
  }
}

const takesCalls = ({ signature }: Operator): boolean =>
  [...signature.args.values()].some(({ kind }) => kind.calls !== undefined);

function reportUnknown({ operator }: Entry, unit: Unit): void {
  const { text: name, span } = operator;
  if (unit.modules.has(name)) {
    const help = "modules have defaults in their parameters";
    report(fileSite(unit), "name/unknown", { what: "operator", name }, { span, help });
    return;
  }
  if (joins.has(name)) {
    const help = "remove it: a join has no arguments";
    report(fileSite(unit), "name/unknown", { what: "operator", name }, { span, help });
    return;
  }
  const foreign = foreignOperator(name);
  if (foreign === undefined) {
    const near = likeOperator(name, { words: [...operators.keys()] }, span);
    report(fileSite(unit), "name/unknown", { what: "operator", name }, { span, ...near });
    return;
  }
  const { same, kind: what = "operator" } = foreign;
  const mending =
    same === undefined
      ? { help: helpOf(foreign) }
      : suggesting(`write ${same}`, { span, text: same });
  report(fileSite(unit), "name/unsupported", { what, name }, { span, ...mending });
}

function readEntry(
  { operator: { text: callee }, fields }: Entry,
  operator: Operator,
  unit: Unit,
): void {
  const site = fileSite(unit);
  const values = new Map(unit.defaults.get(callee));
  const named = [...operator.signature.args].filter(([, { positional }]) => !positional);
  for (const {
    name: { text: name, span },
    value,
  } of fields) {
    const argument = named.find(([each]) => each === name)?.[1];
    if (argument === undefined) {
      const names = named.map(([each]) => each);
      const help = names.length === 0 ? undefined : `named arguments: ${names.join(", ")}`;
      const near = likeArgument({ text: name, span }, names);
      report(site, "args/unknown", { callee, name }, { span, help, ...near });
    } else if (values.has(name)) {
      report(site, "args/duplicate", { callee, name }, { span });
    } else {
      const read = readAs(value, argument.kind, { name, callee }, site);
      if (read !== undefined) values.set(name, read.value);
    }
  }
  unit.defaults.set(callee, values);
}
