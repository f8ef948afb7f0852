import type { BuildEvent } from "../build/request.js";
import { visible } from "../diagnostics/visible.js";

/** Follows one build; `done` is for when it has ended well. */
export interface BuildWatcher {
  readonly onProgress: (event: BuildEvent) => void;
  readonly done: () => void;
}

/**
 * Says on stderr that an import has to wait for the compiler, and when it need not any more. Of a
 * build that is found nothing is said: builders report nothing then.
 *
 * @param spec as messages name it
 * @param target what is compiled for: `cpu avx512`
 */
export function compileNotice(
  spec: string,
  target: () => string,
  say = (line: string): void => void process.stderr.write(`inceptc: ${visible(line)}\n`),
): BuildWatcher {
  let start: number | undefined;
  const onProgress = ({ phase, why = "" }: BuildEvent): void => {
    if (phase === "untuned") say(why);
    if (start === undefined && phase === "wait") say(`waiting for another build of ${spec}…`);
    if (phase === "emit") {
      say(`compiling ${spec} for ${target()} (the first time, up to a minute)…`);
    }
    start ??= performance.now();
  };
  const done = (): void => {
    if (start === undefined) return;
    say(`${spec} is ready, after ${((performance.now() - start) / 1000).toFixed(0)} s`);
  };
  return { onProgress, done };
}
