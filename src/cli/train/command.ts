import { shellWord } from "../../files/display.js";

/** The command that was typed, which goes on with its run. */
export const resumeCommand = (argv: readonly string[]): string =>
  ["inceptc", ...argv.filter((word) => word !== "--resume"), "--resume"].map(typed).join(" ");

/** Flags are no paths: they stay as they are where a shell has no other meaning for them. */
const typed = (word: string): string =>
  /^--?[\w-]+(=[\w./:@,+-]*)?$/.test(word) ? word : shellWord(word);
