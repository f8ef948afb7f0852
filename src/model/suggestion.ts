import type { Span } from "../diagnostics/diagnostic.js";
import { likening, suggesting, type Candidates, type Mending } from "../diagnostics/mending.js";

/** Help for a name that is nearly one of the candidates, and what it would be to write that one. */
export function didYouMean(written: string, candidates: Candidates, span: Span): Partial<Mending> {
  const near = likening(written, candidates, span);
  if (near.help !== undefined) return near;
  const { names = [], words = [] } = candidates;
  const begun = [...names, ...words].find((name) => begins(written, name));
  if (begun === undefined) return {};
  return { ...suggesting(`write ${begun}`, { span, text: begun }), help: `did you mean ${begun}?` };
}

/** `MaxPool2d`, `padding` and `activation` begin with what is meant. */
const begins = (written: string, name: string): boolean =>
  name.length >= 3 && written.toLowerCase().startsWith(name.toLowerCase());

const most = 8;

/** `a, b and c`; long lists end in how many more there are. */
export function listed(names: readonly string[]): string {
  if (names.length > most)
    return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}
