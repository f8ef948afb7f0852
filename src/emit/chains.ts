import type { PrepareSection } from "../targets/program.js";

/** The sections that prepare weights, in the order of the program: apart what may run side by side. */
export function chains(
  sections: readonly PrepareSection[],
): readonly (readonly PrepareSection[])[] {
  const numbers = [...new Set(sections.map(({ chain }) => chain))];
  return numbers.map((number) => sections.filter(({ chain }) => chain === number));
}
