import { joins } from "../../ops/joins/joins.js";
import { operators } from "../../ops/registry.js";
import { Claims } from "../scope/claims.js";
import { Constant } from "./constants.js";
import { fileSite, report } from "../scope/site.js";
import type { Unit } from "../scope/unit.js";

/** Enters a file's own modules and constants; the claims are for the imported names too. */
export function declare(unit: Unit): Claims {
  const site = fileSite(unit);
  const claims = new Claims("declarations", site);
  for (const constant of unit.file.consts) {
    if (claims.claim(constant.name)) {
      unit.consts.set(constant.name.text, new Constant(constant, unit));
    }
  }
  for (const module of unit.file.modules) {
    const { text, span } = module.name;
    if (operators.has(text) || joins.has(text)) {
      const help = `call it ${text[0]!.toUpperCase()}${text.slice(1)}`;
      report(site, "name/shadows-operator", { name: text }, { span, help });
    } else if (claims.claim(module.name)) {
      unit.modules.set(text, { module, unit });
    }
    const params = new Claims("parameters", site);
    module.params.forEach(({ name }) => params.claim(name));
  }
  unit.file.models.forEach(({ name }) => claims.claim(name));
  return claims;
}
