/** A model's parameters: their defaults, and what `--set` puts in their place. */
import { likening } from "../../diagnostics/mending.js";
import { maxInteger } from "../../ops/kinds.js";
import { formatValue, type ArgValue } from "../../ops/value.js";
import type { Expr, Model, Param } from "../../syntax/ast.js";
import { Claims } from "../scope/claims.js";
import { evaluate } from "../values/evaluate.js";
import type { Setting } from "../network.js";
import { fileSite, report } from "../scope/site.js";
import { listed } from "../scope/listed.js";
import type { Site, Unit } from "../scope/unit.js";

export interface Settings {
  readonly params: ReadonlyMap<string, ArgValue | undefined>;
  /** As the network tells them. */
  readonly settings: Readonly<Record<string, Setting>>;
}

const expected = "a number, a size such as 3x3, true or false";

/** Values of the parameters in force; undefined where a finding says why. */
export function readSettings(
  model: Model,
  unit: Unit,
  set: Readonly<Record<string, string>>,
): Settings {
  const site = fileSite(unit);
  reportStrangers(model, site, Object.keys(set));
  const claims = new Claims("parameters", site);
  const params = new Map<string, ArgValue | undefined>();
  for (const param of model.params) {
    claims.claim(param.name);
    params.set(param.name.text, settingValue(model, param, set, { ...site, params }));
  }
  return { params, settings: Object.fromEntries([...params].flatMap(asSetting)) };
}

function reportStrangers({ name, params }: Model, site: Site, set: readonly string[]): void {
  const names = params.map((param) => param.name.text);
  for (const text of set.filter((each) => !names.includes(each))) {
    const { span } = name;
    const label = `--set ${text}=…`;
    const has = names.length === 0 ? `${name.text} has no parameters` : `it has ${listed(names)}`;
    const { help = has } = likening(text, { names }, span);
    const what = `parameter of ${name.text}`;
    report(site, "name/unknown", { what, name: text }, { span, label, help });
  }
}

function settingValue(
  model: Model,
  param: Param,
  set: Readonly<Record<string, string>>,
  site: Site,
): ArgValue | undefined {
  const { text: name, span } = param.name;
  const standing = param.value === undefined ? undefined : evaluate(param.value, site);
  if (standing !== undefined && !isSetting(standing)) {
    const params = { callee: model.name.text, name, expected, got: formatValue(standing) };
    report(site, "args/type", params, { span: param.value?.span ?? span });
    return undefined;
  }
  const text = Object.hasOwn(set, name) ? set[name] : undefined;
  if (text !== undefined) return fromOutside(model, param, text, standing, site);
  if (param.value === undefined) {
    const help = `set it from outside with --set ${name}=10, or write ${name} = 10`;
    const params = { callee: model.name.text, name, doc: "" };
    report(site, "args/missing", params, { span, help });
  }
  return standing;
}

function fromOutside(
  model: Model,
  param: Param,
  text: string,
  standing: ArgValue | undefined,
  site: Site,
): ArgValue | undefined {
  const { text: name, span } = param.name;
  const value = parseSetting(text);
  const fractional = standing === undefined || isFractional(param.value, standing);
  const wanted =
    standing === undefined
      ? expected
      : standing.kind === "number" && fractional
        ? "a number"
        : nouns[standing.kind];
  const isKind = standing === undefined || standing.kind === value?.kind;
  const isWhole = value?.kind !== "number" || Number.isInteger(value.value);
  if (value !== undefined && isKind && (fractional || isWhole)) return value;
  const got = JSON.stringify(text);
  report(site, "args/setting", { model: model.name.text, name, expected: wanted!, got }, { span });
  return undefined;
}

const nouns: Readonly<Partial<Record<ArgValue["kind"], string>>> = {
  number: "an integer",
  size: "a size such as 3x3",
  bool: "true or false",
};

const isSetting = (value: ArgValue): boolean => value.kind in nouns;

/** Whether a parameter takes fractions: it stands at one, or is written as one, as `width = 1.0` is. */
const isFractional = (written: Expr | undefined, standing: ArgValue): boolean =>
  standing.kind === "number" && (written?.kind === "float" || !Number.isInteger(standing.value));

/** `10`, `0.75`, `3x3`, `true`; undefined for anything else. */
function parseSetting(text: string): ArgValue | undefined {
  if (text === "true" || text === "false") return { kind: "bool", value: text === "true" };
  const size = /^(\d{1,10})x(\d{1,10})$/.exec(text);
  if (size !== null) return { kind: "size", size: [Number(size[1]), Number(size[2])] };
  const isNumber = /^-?(?:\d{1,10}(?:\.\d{0,20})?|\.\d{1,20})(?:e-?\d{1,3})?$/.test(text);
  if (!isNumber || Math.abs(Number(text)) > maxInteger) return undefined;
  return { kind: "number", value: Number(text) };
}

function asSetting([name, value]: [string, ArgValue | undefined]): [string, Setting][] {
  if (value?.kind === "number" || value?.kind === "bool") return [[name, value.value]];
  if (value?.kind !== "size") return [];
  return [[name, { height: value.size[0], width: value.size[1] }]];
}
