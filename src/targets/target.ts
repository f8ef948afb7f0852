import type { TargetTraits } from "../passes/pass.js";
import type { LayoutRule, Plan } from "../plan/plan.js";
import type { Program } from "./program.js";

/** All that the rooms to the left and right ask of a target. */
export interface Target {
  readonly traits: TargetTraits;
  readonly layouts: LayoutRule;
  lower(plan: Plan): Program;
}
