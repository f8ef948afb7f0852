/** Stages feed the next one; outputs and auxes are taps where they stand. */
import { likening } from "../../diagnostics/mending.js";
import { notNegative, reference } from "../../ops/kinds.js";
import { named, optional, signature } from "../../ops/signature.js";
import type { Aux, Model, Name, Output, Stage } from "../../syntax/ast.js";
import { Claims } from "../scope/claims.js";
import { bind } from "../values/evaluate.js";
import { Expansion } from "./expand.js";
import { Heads } from "./heads.js";
import type { NetMember } from "../network.js";
import { listed } from "../scope/listed.js";
import { requireOutput } from "../settings/outputs.js";
import { report } from "../scope/site.js";
import { tracesOf, unknown, type Flowing } from "../flow/flowing.js";
import type { Spot } from "../flow/spot.js";
import type { Site } from "../scope/unit.js";

const auxSignature = signature({
  weight: named(notNegative, 0.3, "What its loss is multiplied by."),
  like: optional(reference("an output"), "The output whose targets it learns."),
});

export interface ExpandedMembers {
  /** Those that came out whole. */
  readonly members: readonly NetMember[];
  readonly expansion: Expansion;
}

/** @param inputs of each of the model's inputs what flows out of it */
export function expandMembers(
  model: Model,
  inputs: readonly Flowing[],
  site: Site,
): ExpandedMembers {
  const stream = new Stream(model, inputs, site);
  const members = model.members.flatMap((member) => {
    if (member.kind === "labels" || member.kind === "train") return [];
    return stream.member(member) ?? [];
  });
  stream.finish();
  return { members, expansion: stream.expansion };
}

class Stream {
  readonly expansion = new Expansion((from, site) => this.earlier(from, site));
  /** The inputs, and stages so far. */
  private readonly known = new Map<string, Flowing>();
  private readonly used = new Set<string>();
  private readonly claims: Claims;
  /** A `from` that names nothing may have meant the stage that nothing uses. */
  private misnamed = false;
  private current: string;
  private readonly heads: Heads;

  constructor(
    private readonly model: Model,
    inputs: readonly Flowing[],
    private readonly site: Site,
  ) {
    this.heads = new Heads(({ text }) => this.known.get(text) ?? unknown);
    this.claims = new Claims("stages, outputs or inputs", site);
    for (const [i, { name }] of model.inputs.entries()) {
      if (this.claims.claim(name)) this.known.set(name.text, inputs[i] ?? unknown);
    }
    this.current = model.inputs[0].name.text;
  }

  member(member: Stage | Aux | Output): NetMember | undefined {
    const { kind, name, doc, flow, span } = member;
    const fresh = this.claims.claim(name);
    const from = flow.from?.text ?? this.current;
    const start = flow.from === undefined ? this.next() : this.earlier(flow.from, this.site);
    if (!fresh) return this.skip(member);
    const bare = this.spot(name.text);
    const spot = member.kind === "aux" ? this.heads.spot(member, start, bare) : bare;
    const chain = this.expansion.chain(flow.chain, start, spot);
    const head = member.kind === "aux" ? this.head(member) : {};
    if (kind === "stage") {
      this.known.set(name.text, chain.output);
      this.current = name.text;
    }
    if (chain.net === undefined) return undefined;
    return {
      kind,
      name: name.text,
      ...(doc === undefined ? {} : { doc }),
      from,
      chain: chain.net,
      varies: tracesOf(chain.output).map(({ varies }) => varies),
      ...head,
      span: { ...span, start: name.span.start },
    };
  }

  /** A second stage of one name has the first one's parameters: one finding is enough. */
  private skip({ kind, name }: Stage | Aux | Output): undefined {
    if (kind !== "stage") return;
    this.known.set(name.text, unknown);
    this.current = name.text;
  }

  /** Stages that nothing uses; a model without outputs has a finding of its own. */
  finish(): void {
    const { name, inputs, members } = this.model;
    const ofInputs = new Set(inputs.map((input) => input.name.text));
    const stages = [...this.known].filter(([known]) => !ofInputs.has(known));
    this.heads.report(stages);
    if (!members.some(({ kind }) => kind === "output")) {
      const help = `write output ${stages.length > 0 ? "prob" : "y"}: … at the end`;
      report(this.site, "model/no-output", { model: name.text }, { span: name.span, help });
      return;
    }
    if (this.misnamed) return;
    for (const member of members) {
      if (member.kind === "stage" && !this.used.has(member.name.text)) {
        this.reportUnused(member.name);
      }
    }
    for (const text of ofInputs) {
      if (!this.used.has(text))
        this.reportUnread(inputs.find(({ name }) => name.text === text)!.name);
    }
  }

  private reportUnread({ text, span }: Name): void {
    const help = `remove it, or use it with from ${text} -> …`;
    report(this.site, "input/unused", { name: text }, { span, help });
  }

  private reportUnused({ text, span }: Name): void {
    const last = text === this.current;
    const label = last ? "no output follows it" : "the next stage opens with from";
    const help = last
      ? `remove it, or write output ${text}: …`
      : `remove it, or use it with from ${text} -> …`;
    report(this.site, "stage/unused", { name: text }, { span, label, help });
  }

  private next(): Flowing {
    this.used.add(this.current);
    return this.known.get(this.current) ?? unknown;
  }

  private earlier({ text, span }: Name, site: Site): Flowing {
    const found = this.known.get(text);
    if (found !== undefined) {
      this.used.add(text);
      return found;
    }
    this.misnamed = true;
    const what = "earlier stage";
    const names = [...this.known.keys()];
    const near = likening(text, { names }, span);
    const label = this.whyNot(text);
    const help = label === undefined ? `known here: ${listed(names)}` : undefined;
    report(site, "name/unknown", { what, name: text }, { span, label, help, ...near });
    return unknown;
  }

  private whyNot(name: string): string | undefined {
    for (const member of this.model.members) {
      if (member.kind === "labels" || member.kind === "train" || member.name.text !== name)
        continue;
      return member.kind === "stage"
        ? "this stage comes later"
        : `this is an ${member.kind}: take the stage that it reads`;
    }
    return undefined;
  }

  private head({ args, name }: Aux): Pick<NetMember, "weight" | "like"> {
    const callee = { text: "aux", span: name.span };
    const call = { kind: "call" as const, name: callee, args, span: name.span };
    const read = bind(call, auxSignature, this.site);
    if (read === undefined) return {};
    const { weight, like } = read;
    if (like === undefined) return { weight };
    const written = args.find((arg) => arg.name?.text === "like")!;
    requireOutput({ text: like, span: written.value.span }, this.model, this.site);
    return { weight, like };
  }

  private spot(name: string): Spot {
    return {
      ...this.site,
      path: name,
      parameters: name,
      base: "",
      inModel: true,
      callers: [],
      depth: 0,
    };
  }
}
