import {
  diagnostic,
  type DiagnosticCode,
  type DiagnosticParams,
  type Place,
} from "../../diagnostics/catalogue.js";
import type { Site, Unit } from "./unit.js";

export const fileSite = (unit: Unit): Site => ({
  unit,
  params: new Map(),
  traces: new Map(),
  frames: [],
  found: unit.found,
});

/** Adds a finding, with the frames of the site. */
export function report<C extends DiagnosticCode>(
  site: Site,
  code: C,
  params: DiagnosticParams<C>,
  place: Place,
): void {
  site.found.add(diagnostic(code, params, { frames: site.frames, ...place }));
}
