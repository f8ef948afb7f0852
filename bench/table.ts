import { cpus } from "node:os";

export const cpuName = (): string => cpus()[0]?.model.trim() ?? "unknown";

/** Markdown. */
export function table(header: readonly string[], cells: readonly (readonly string[])[]): string {
  const widths = header.map((_, i) => Math.max(...[header, ...cells].map((c) => c[i]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [header, rule, ...cells].map(line).join("\n");
}
