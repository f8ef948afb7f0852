import { convRule } from "./conv.js";
import { concatRule, flattenRule, passRules } from "./copies.js";
import { linearRule } from "./linear.js";
import { batchNormRule, lrnRule, softmaxRule } from "./normalise.js";
import { joinRules } from "./joins.js";
import { activationRules, scaleRule } from "./pointwise.js";
import { adaptiveAvgPoolRule, avgPoolRule, maxPoolRule } from "./pool.js";
import type { Rule } from "./rule.js";

const list: readonly Rule[] = [
  convRule,
  linearRule,
  maxPoolRule,
  avgPoolRule,
  adaptiveAvgPoolRule,
  lrnRule,
  batchNormRule,
  softmaxRule,
  ...activationRules,
  scaleRule,
  ...joinRules,
  concatRule,
  flattenRule,
  ...passRules,
];

/** One for each primitive. */
export const rules: ReadonlyMap<string, Rule> = new Map(list.map((r) => [r.primitive, r]));
