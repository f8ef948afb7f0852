/** The activations as a spec calls them: as a step, and as the word or call that `act:` takes. */
import {
  type Activation,
  activationNames,
  activationPrimitives,
  activations,
  type Applied,
} from "./activations.js";
import { elementwiseRules } from "./elementwise.js";
import { wordOrCall } from "./kinds.js";
import type { Operator } from "./operator.js";
import type { Builder, BuildValue } from "./primitive.js";
import { type Kind, named, noArguments, signature, type Signature } from "./signature.js";
import { saying, spelling } from "./spelling.js";

type Numbers = Readonly<Record<string, number>>;

/** Of those that a number shapes, by name. */
const signatures = new Map<Activation, Signature<Numbers>>(
  activationNames.flatMap((name) => {
    const { alpha } = activations[name];
    if (alpha === undefined) return [];
    const argument = named(alpha.kind, alpha.absent, alpha.doc);
    return [[name, signature({ [alpha.name]: argument })] as const];
  }),
);

const appliedWith = (activation: Activation, numbers: Numbers): Applied => ({
  activation,
  alpha: numbers[activations[activation].alpha!.name]!,
});

export const activationOperators: readonly Operator<unknown>[] = activationNames.map((name) => {
  const own = signatures.get(name);
  const rules = elementwiseRules(name, activations[name].doc);
  if (own === undefined) {
    return {
      ...rules,
      signature: noArguments,
      build: (b, x) => apply(b, x, { activation: name }),
      spelling: spelling(activationPrimitives[name]),
    };
  }
  const shaped: Operator<Numbers> = {
    ...rules,
    signature: own,
    build: (b, x, numbers) => apply(b, x, appliedWith(name, numbers)),
    spelling: spelling(activationPrimitives[name], ({ alpha }) => ({
      [activations[name].alpha!.name]: alpha === undefined ? undefined : saying.number(alpha),
    })),
  };
  return shaped;
});

/** What `act:` says: a word, or the call of one that a number shapes. */
export type Act = Activation | "none" | Applied;

const words = ["none", ...activationNames.filter((name) => !signatures.has(name))] as const;
const spelt = wordOrCall(words, Object.fromEntries(signatures));

export const act: Kind<Act> = {
  ...spelt,
  read: (value) => {
    const reading = spelt.read(value);
    if (!reading.ok) return reading;
    const said = reading.value;
    if (typeof said === "string") return { ok: true, value: said };
    // A name of `signatures`, which has typed its argument.
    return { ok: true, value: appliedWith(said.name as Activation, said.args as Numbers) };
  },
};

/** Appends what `act:` says. */
export function applyAct(b: Builder, x: BuildValue, given: Act): BuildValue {
  if (given === "none") return x;
  return apply(b, x, typeof given === "string" ? { activation: given } : given);
}

const apply = (b: Builder, x: BuildValue, { activation, ...attrs }: Applied): BuildValue =>
  b.node(activationPrimitives[activation], [x], attrs);
