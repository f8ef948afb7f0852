/**
 * A network as it will be written: chains of steps, each with the numbers that a module could take
 * as parameters. Every step stands in one chain, and every leaf in one call.
 */
import type { Hint } from "../imported.js";

export interface Chain {
  /** Modules take the place of some of them. */
  steps: readonly Step[];
}

export interface Module {
  /** The last one is given when all modules are known. */
  name: string;
  readonly params: readonly string[];
  /** Of each parameter, what it is the number of: `channels`, `stride`. */
  readonly roles: readonly string[];
  readonly body: Chain;
  /** Where the steps stood that it was made of. */
  readonly hints: readonly Hint[];
}

export type Step = CallStep | JoinStep | ResidualStep | RepeatStep;

interface StepBase {
  /** Channels of what enters; those of its first step are what `in` means in a chain. */
  readonly entering: number;
}

/** The call of an operator, or of a module. */
export interface CallStep extends StepBase {
  readonly kind: "call";
  /** Its name is the one to write, where it calls a module. */
  readonly module?: Module;
  readonly name: string;
  args: readonly Arg[];
  readonly hint: Hint;
}

export interface Arg {
  /** Absent where the place says it. */
  readonly name?: string;
  readonly value: Term;
}

export type Term = Leaf | WindowTerm | WordTerm | CallTerm;

/** A number, a size, or true or false. */
export interface Leaf {
  readonly kind: "leaf";
  /** As it was before any module; numbers alone are compared with others and with `in`. */
  readonly value: string;
  readonly number?: number;
  /** What is written now: the value, or what a module's parameters make of it. */
  text: string;
}

/** `3x3/2`; the stride is left out where it is the usual one. */
export interface WindowTerm {
  readonly kind: "window";
  readonly kernel: Leaf;
  readonly stride: Leaf;
  /** The usual stride, as it is written: of a pool that is the kernel. */
  readonly usual: string;
}

/** A word, or a list, as it is written. */
export interface WordTerm {
  readonly kind: "word";
  readonly word: string;
}

/** `batchnorm(eps: 1e-3)` */
export interface CallTerm {
  readonly kind: "call";
  readonly name: string;
  args: readonly Arg[];
}

export interface JoinStep extends StepBase {
  readonly kind: "join";
  readonly name: string;
  readonly branches: readonly Branch[];
  readonly hint: Hint;
}

export interface Branch {
  label: string;
  /** The value it begins with, where that is not what enters the join. */
  readonly from?: number;
  readonly chain: Chain;
}

/** x + scale * f(x) */
export interface ResidualStep extends StepBase {
  readonly kind: "residual";
  readonly scale: Leaf;
  readonly body: Chain;
  readonly hint: Hint;
}

export interface RepeatStep extends StepBase {
  readonly kind: "repeat";
  readonly hint: Hint;
  readonly count: number;
  readonly body: Chain;
}

export const leaf = (value: string, number?: number): Leaf => ({
  kind: "leaf",
  value,
  ...(number === undefined ? {} : { number }),
  text: value,
});

export const word = (text: string): WordTerm => ({ kind: "word", word: text });

/** The chains inside a step. */
export function innerChains(step: Step): readonly Chain[] {
  switch (step.kind) {
    case "call":
      return [];
    case "join":
      return step.branches.map(({ chain }) => chain);
    case "residual":
    case "repeat":
      return [step.body];
  }
}

export const isCall = (step: Step): step is CallStep => step.kind === "call";
