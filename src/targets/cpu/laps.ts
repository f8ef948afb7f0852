/** A run that can be timed: one section after the other, and behind each a look at the clock. */
import type { Call, InferenceSection } from "../program.js";
import { barrier } from "./node.js";

/**
 * All threads meet at the end of each section, so that the time until then is its own: what would
 * run side by side is computed one by one.
 */
export const withLaps = (sections: readonly InferenceSection[]): readonly InferenceSection[] =>
  sections.map((section, i) => ({
    ...section,
    instructions: [
      // What threads wait for between images and groups belongs to no section.
      ...(sections[i - 1]?.eachImage === section.eachImage ? [] : [clock("start_laps")]),
      ...section.instructions,
      barrier,
      clock("lap", i),
    ],
  }));

const clock = (name: string, ...args: readonly number[]): Call => ({
  kind: "call",
  header: "cpu/laps.hpp",
  function: name,
  templates: [],
  args: args.map((value) => ({ kind: "number", value })),
});
