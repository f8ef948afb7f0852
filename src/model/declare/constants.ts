import type { ArgValue } from "../../ops/value.js";
import type { Const } from "../../syntax/ast.js";
import { evaluate } from "../values/evaluate.js";
import { fileSite, report } from "../scope/site.js";
import type { ConstRef, Site, Unit } from "../scope/unit.js";
import { anyValue } from "../values/words.js";

/** Constants refer to constants at most this deep. */
const deepest = 100;

/** Evaluated on first use; a circle is reported where it is entered. */
export class Constant implements ConstRef {
  private state: "new" | "busy" | "done" = "new";
  private known: ArgValue | undefined;

  constructor(
    private readonly declared: Const,
    private readonly unit: Unit,
  ) {}

  value(from: Site): ArgValue | undefined {
    if (this.state === "done") return this.known;
    const { name, value } = this.declared;
    const depth = (from.constants ?? 0) + 1;
    if (this.state === "busy" || depth > deepest) {
      report(fileSite(this.unit), "name/cycle", { name: name.text }, { span: name.span });
      return undefined;
    }
    this.state = "busy";
    this.known = evaluate(value, { ...fileSite(this.unit), constants: depth }, anyValue);
    this.state = "done";
    return this.known;
  }
}
