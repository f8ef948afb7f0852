import { expect, test } from "vitest";
import type { BuildEvent } from "../../src/build/request.js";
import { compileNotice } from "../../src/runtime/compile-notice.js";

/** What is said of a build that reports these phases. */
function said(...phases: BuildEvent["phase"][]): string[] {
  const lines: string[] = [];
  const notice = compileNotice(
    "net.incept",
    () => "cpu avx2",
    (line) => lines.push(line.replace(/\d+ s$/, "0 s")),
  );
  for (const phase of phases) notice.onProgress({ phase });
  notice.done();
  return lines;
}

const compiling = "compiling net.incept for cpu avx2 (the first time, up to a minute)…";
const ready = "net.incept is ready, after 0 s";

test("a build is said to begin and to have ended", () => {
  expect(said("emit", "configure", "compile", "compile", "link", "probe")).toEqual([
    compiling,
    ready,
  ]);
});

test("nothing is said of a build that is found", () => expect(said()).toEqual([]));

test("another process's build is waited for, and taken over where it dies", () => {
  const waiting = "waiting for another build of net.incept…";
  expect(said("wait")).toEqual([waiting, ready]);
  expect(said("wait", "emit", "compile")).toEqual([waiting, compiling, ready]);
});
