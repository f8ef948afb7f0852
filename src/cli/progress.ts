/** Apart from the terminal, since few verbs take long and what draws spinners is slow to load. */
import ora from "ora";
import { colours, say } from "./terminal.js";

export interface Progress {
  phase(text: string): void;
  done(text: string): void;
  stop(): void;
}

/** A spinner on a terminal, a line a phase elsewhere, nothing when quiet. */
export function progress(quiet: boolean): Progress {
  if (quiet) return { phase: () => undefined, done: () => undefined, stop: () => undefined };
  if (process.stderr.isTTY !== true) {
    return { phase: (text) => say(`  ${text}`), done: (text) => say(text), stop: () => undefined };
  }
  const color = colours.isColorSupported ? "cyan" : false;
  const spinner = ora({ stream: process.stderr, indent: 2, color });
  return {
    phase: (text) => void spinner.start(text),
    done: (text) => {
      spinner.stop();
      say(text);
    },
    stop: () => void spinner.stop(),
  };
}
