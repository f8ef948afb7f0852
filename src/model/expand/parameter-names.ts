import type { Span } from "../../diagnostics/diagnostic.js";
import { placeOf } from "../scope/claims.js";
import { report } from "../scope/site.js";
import type { Site } from "../scope/unit.js";

/** Every parameter of a network, each name once: nothing is shared. */
export class ParameterNames {
  private readonly taken = new Map<string, Span>();

  /** False, with a finding, where another step has the name. */
  claim(name: string, span: Span, site: Site): boolean {
    const first = this.taken.get(name);
    if (first === undefined) {
      this.taken.set(name, span);
      return true;
    }
    const label =
      first === span ? "the same step, expanded before" : `the first is ${placeOf(first, span)}`;
    const help = "give one of the steps a path of its own with as";
    report(site, "name/duplicate", { what: "parameters", name }, { span, label, help });
    return false;
  }
}
