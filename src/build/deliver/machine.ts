import type { Machine } from "../../emit/delivered.js";

/** What a binary that is built here runs on. */
export function thisMachine(): Machine {
  const { platform: os, arch: cpu } = process;
  return { os, cpu, ...(os === "linux" ? { libc: libcOf(nodeReport()) } : {}) };
}

/** What Node reports of itself, as far as it is asked for here. */
interface Report {
  /** Node was linked to the C library of the system that it runs on. */
  readonly header?: { readonly glibcVersionRuntime?: string };
}

export const libcOf = ({ header }: Report): "glibc" | "musl" =>
  header?.glibcVersionRuntime === undefined ? "musl" : "glibc";

/** Looking up the names of open connections can take seconds, and is left out. */
function nodeReport(): Report {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  try {
    return report.getReport();
  } finally {
    report.excludeNetwork = before ?? false;
  }
}
