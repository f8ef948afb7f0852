/** Which loss each output and auxiliary head has, and whose targets it learns. */
import { diagnostic } from "../../diagnostics/catalogue.js";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import { counted } from "../../diagnostics/counted.js";
import { suggesting } from "../../diagnostics/mending.js";
import {
  channels,
  elements,
  formatShape,
  isImage,
  plane,
  sameShape,
  type Shape,
} from "../../ops/shape.js";
import type { Loss, NetMember, TrainLoss } from "../network.js";
import { listed } from "../scope/listed.js";
import type { Asked, AskedLosses } from "./losses.js";

export interface ResolvedLosses {
  /** As they stand in the spec; those that findings speak of may be missing. */
  readonly losses: readonly TrainLoss[];
  readonly findings: readonly Diagnostic[];
}

/** An output that is trained. */
interface Trained extends Asked {
  readonly member: NetMember;
}

/** @param asked names that are no output are passed over: they have findings of their own */
export function resolveLosses(members: readonly NetMember[], asked: AskedLosses): ResolvedLosses {
  const outputs = members.filter(({ kind }) => kind === "output");
  const trained = outputs.flatMap((member): Trained[] => {
    const own = "every" in asked ? asked.every : asked.byOutput.get(member.name);
    return own === undefined ? [] : [{ ...own, member }];
  });
  const findings = trained.flatMap((output) => misfitOf(output, trained) ?? []);
  const losses = members.flatMap((member): TrainLoss[] => {
    const { name, kind, like, weight } = member;
    if (kind === "stage") return [];
    if (kind === "output") {
      const own = trained.find((output) => output.member === member);
      return own === undefined ? [] : [{ ...own.loss, output: name, targets: name, weight: 1 }];
    }
    // A head whose arguments are wrong, or that is like no output, has a finding where they are.
    if (weight === undefined || trained.length === 0) return [];
    if (like !== undefined && !outputs.some((output) => output.name === like)) return [];
    const found = teacherOf(member, trained);
    if ("code" in found) {
      findings.push(found);
      return [];
    }
    return [{ ...found.loss, output: name, targets: found.member.name, weight }];
  });
  return { losses, findings };
}

/** Why an output cannot have its loss. */
function misfitOf(output: Trained, trained: readonly Trained[]): Diagnostic | undefined {
  const { member, loss, span = nameOf(member) } = output;
  const { name, chain } = member;
  if (loss.kind !== "cross_entropy") return undefined;
  const classes = channels(chain.output);
  if (classes === 1) {
    const what = isImage(chain.output) ? "channel" : "number";
    return diagnostic("train/classes", { name, what }, { span, ...otherLoss(output, trained) });
  }
  const count = loss.classWeights?.length ?? classes;
  if (count === classes) return undefined;
  return diagnostic("train/class-weights", { name, classes, count }, { span });
}

/** What an output of one number may be meant to have. */
function otherLoss({ span }: Trained, trained: readonly Trained[]) {
  const other = "sigmoid_cross_entropy";
  const why = "for yes or no, or mean_squared_error for a quantity";
  const isAlone = trained.length === 1;
  const losses = trained.map(({ member: { name, chain }, loss }) => {
    const isOne = channels(chain.output) === 1 && loss.kind === "cross_entropy";
    return `${name}: ${isOne ? other : loss.kind}`;
  });
  if (span === undefined || losses.length > 1) {
    return { help: `write loss: ${isAlone ? other : `{ ${losses.join(", ")} }`} ${why}` };
  }
  return suggesting(`write ${other} ${why}`, { span, text: other });
}

/** The output whose targets and loss a head has, or why there is none. */
function teacherOf(head: NetMember, trained: readonly Trained[]): Trained | Diagnostic {
  const { name, like } = head;
  const span = nameOf(head);
  const fits = ({ member }: Trained): boolean => agree(member.chain.output, head.chain.output);
  const fitting = trained.filter(fits).map(({ member }) => `like: ${member.name}`);
  const found = trained.filter(({ member }) => like === undefined || member.name === like);
  const [own, other] = found;
  if (own === undefined) {
    const help = "name it in the list of losses, or write another output in like";
    return diagnostic("train/not-trained", { name, like: like! }, { span, help });
  }
  if (other !== undefined) {
    const all = found.map(({ member }) => member.name);
    const choices = fitting.length > 0 ? fitting : all.map((each) => `like: ${each}`);
    const help = `write ${choices.join(" or ")}`;
    return diagnostic("train/like", { name, names: listed(all) }, { span, help });
  }
  if (fits(own)) return own;
  const { member } = own;
  const [gives, takes] = [head, member].map(({ chain }) => spoken(chain.output, own.loss));
  const help = fitting.length > 0 ? `write ${fitting.join(" or ")}` : undefined;
  return diagnostic(
    "train/head",
    { name, like: member.name, gives: gives!, takes: takes! },
    { span, help },
  );
}

/** Whether one's targets are another's: a vector is an image of one pixel. */
const agree = (a: Shape, b: Shape): boolean =>
  channels(a) === channels(b) && sameShape(plane(a), plane(b));

/** `10 classes`, `4 numbers`, `8 x 4x4`. */
function spoken(shape: Shape, { kind }: Loss): string {
  if (elements(plane(shape)) > 1) return formatShape(shape);
  return kind === "cross_entropy"
    ? counted(channels(shape), "class", "classes")
    : counted(channels(shape), "number");
}

const nameOf = ({ span, name }: NetMember): Span => ({ ...span, end: span.start + name.length });
