import { InceptError } from "../diagnostics/incept-error.js";

/**
 * A file that contradicts itself or its format.
 *
 * @param file as messages name it
 * @param what a clause without its end: `layer 3 has no name`
 */
export const damaged = (file: string, what: string): InceptError =>
  new InceptError("weights/damaged", `${file} is damaged: ${what}.`, {
    help: "was it copied whole, and written by the library that it should come from?",
  });
