/** Steps without their numbers: two of one skeleton are calls of one module. */
import type { Arg, Chain, Module, Step, Term } from "./tree.js";

/** A number a skeleton: steps of one number differ in leaves alone. */
export class Skeletons {
  private readonly ids = new Map<string, number>();
  private readonly modules = new Map<Module, number>();
  private readonly known = new Map<Step, number>();

  /** @param labels whether branches of other names make another skeleton */
  constructor(private readonly options = { labels: true }) {}

  of(step: Step): number {
    const known = this.known.get(step);
    if (known !== undefined) return known;
    const text = this.text(step);
    // What begins elsewhere can stand in the model alone, and is like nothing else.
    const id = this.id(text.includes("from") ? `only ${this.known.size}` : text);
    this.known.set(step, id);
    return id;
  }

  private id(text: string): number {
    const id = this.ids.get(text) ?? this.ids.size;
    this.ids.set(text, id);
    return id;
  }

  private text(step: Step): string {
    switch (step.kind) {
      case "call":
        return `${this.callee(step)}(${argsText(step.args, step.name === "depthwise")})`;
      case "join":
        return `${step.name}{${step.branches.map((branch) => `${this.options.labels ? branch.label : ""}:${branch.from === undefined ? "" : "from"}${this.chain(branch.chain)}`).join()}}`;
      case "residual":
        return `residual{${this.chain(step.body)}}`;
      case "repeat":
        return `repeat(${step.count}){${this.chain(step.body)}}`;
    }
  }

  private chain({ steps }: Chain): string {
    const ids = steps.map((step) => this.of(step));
    return steps.some((step) => this.isOpen(step)) ? `from ${ids.join()}` : ids.join();
  }

  /** Whether something inside begins elsewhere. */
  private isOpen(step: Step): boolean {
    if (step.kind === "call") return false;
    if (step.kind !== "join") return step.body.steps.some((each) => this.isOpen(each));
    return step.branches.some(
      ({ from, chain }) => from !== undefined || chain.steps.some((each) => this.isOpen(each)),
    );
  }

  private callee({ name, module }: Step & { kind: "call" }): string {
    if (module === undefined) return name;
    const id = this.modules.get(module) ?? this.modules.size;
    this.modules.set(module, id);
    return `@${id}`;
  }
}

const argsText = (args: readonly Arg[], anyKernel = false): string =>
  args.map(({ name = "", value }) => `${name}:${termText(value, anyKernel)}`).join();

function termText(term: Term, anyKernel: boolean): string {
  switch (term.kind) {
    case "leaf":
      return term.number === undefined ? (term.value.includes("x") ? "size" : "flag") : "n";
    case "window":
      // Convolutions of other sizes are another layer; how far a channel looks by itself is not.
      return anyKernel ? "window" : term.kernel.value;
    case "word":
      return term.word;
    case "call":
      return `${term.name}(${argsText(term.args)})`;
  }
}
