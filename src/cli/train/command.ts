import { shellQuoted, shellWord } from "../../files/display.js";

/**
 * The command that was typed, which goes on with its run.
 *
 * @param argv the verb, and what was typed after it
 */
export function resumeCommand([verb = "train", ...argv]: readonly string[]): string {
  // What comes after it are names of files, whatever they look like.
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const others = argv.filter((word, i) => i >= end || word !== "--resume");
  return ["inceptc", verb, "--resume", ...others.map(typed)].join(" ");
}

/** Flags are no paths: they stay as they are where a shell has no other meaning for them. */
function typed(word: string): string {
  if (!word.startsWith("-")) return shellWord(word);
  return /^--?[\w-]*(=[\w./:@,+-]*)?$/.test(word) ? word : shellQuoted(word);
}
