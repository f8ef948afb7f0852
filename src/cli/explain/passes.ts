import { printGraph } from "../../graph/print.js";
import type { PassLog } from "../../passes/run.js";

/** As text rows are at most so long, but for a path that is longer. */
const width = 80;

/**
 * What each pass did, and what it did not do and why; the same thing done in many places is told
 * once, with the places.
 *
 * @param graphs whether the graph after each pass follows
 */
export const passesText = (log: readonly PassLog[], graphs: boolean): string =>
  log.map((pass) => passText(pass, graphs)).join("\n\n");

function passText({ name, fired, refused, graph }: PassLog, graphs: boolean): string {
  const done = grouped(fired.map(({ paths, what }) => ({ paths, text: `✔ ${what}` })));
  const left = grouped(refused.map(({ paths, why }) => ({ paths, text: `· not done: ${why}` })));
  const told = [...done, ...left];
  const rows = told.length === 0 ? ["  nothing to do"] : told;
  return [`── ${name}`, ...rows, ...(graphs ? ["", printGraph(graph).trimEnd()] : [])].join("\n");
}

interface Told {
  readonly paths: readonly string[];
  readonly text: string;
}

function grouped(all: readonly Told[]): readonly string[] {
  const texts = new Set(all.map(({ text }) => text));
  return [...texts].flatMap((text) => {
    const same = all.filter((each) => each.text === text);
    const places = same.map(({ paths }) => paths.join(" + "));
    const times = same.length === 1 ? "" : ` (${same.length} times)`;
    return [`  ${text}${times}:`, ...wrapped(places, "      ")];
  });
}

/** The items with commas between them, in rows that begin with the indent. */
function wrapped(items: readonly string[], indent: string): readonly string[] {
  const rows: string[] = [];
  let row = indent;
  for (const [i, item] of items.entries()) {
    const next = i === items.length - 1 ? item : `${item},`;
    if (row.length > indent.length && row.length + 1 + next.length > width) {
      rows.push(row);
      row = indent;
    }
    row += row.length > indent.length ? ` ${next}` : next;
  }
  return [...rows, row];
}

/** The same for programs, with the graphs. */
export const passesJson = (log: readonly PassLog[]): readonly object[] =>
  log.map(({ name, fired, refused, graph }) => ({
    name,
    fired,
    refused,
    graph: printGraph(graph),
  }));
