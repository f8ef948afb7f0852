import { Command } from "commander";
import { type CacheEntry, cacheEntries, clearCache } from "../../build/cache/clear-cache.js";
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { displayPath, shownPath } from "../../files/display.js";
import { bytes, print, printJson, say, table } from "../terminal.js";

interface Flags {
  readonly clear?: boolean;
  readonly json?: boolean;
}

export const cache = (): Command =>
  new Command("cache")
    .description("list what has been built, its size, and clear it")
    .argument("[dir]", "the folder whose .incept/ is meant, besides the user's cache", ".")
    .option("--clear", "remove all of it, and what killed builds left")
    .action((dir: string, flags: Flags) => {
      if (flags.clear === true) clear(dir, flags);
      else list(cacheEntries(dir), flags);
    });

function list(entries: readonly CacheEntry[], { json }: Flags): void {
  if (json === true) return printJson({ entries, bytes: sum(entries), cleared: false });
  const rows = entries.map(({ model = "✖", target, fault = "", bytes: size, directory }) => {
    const name = displayPath(directory);
    return [model, target ?? fault.replaceAll(`${name}/`, ""), bytes(size), name];
  });
  if (rows.length > 0) print(table(rows, [2], "  "));
  print(summary(entries));
}

function clear(dir: string, { json }: Flags): void {
  const { entries, leftovers, failed, links } = clearCache(dir);
  if (json === true) printJson({ entries, bytes: sum(entries), cleared: true, leftovers });
  else {
    const more = leftovers === 0 ? "" : `, and ${counted(leftovers, "leftover")} of killed builds`;
    print(`✔ removed ${summary(entries)}${more}`);
  }
  for (const link of links) say(`${shownPath(link)} is a link: what it leads to is left alone`);
  if (failed.length === 0) return;
  const others = failed.length === 1 ? "" : ` and ${failed.length - 1} more`;
  throw new InceptError("cache/not-cleared", `${failed[0]}${others} could not be removed.`, {
    help: "remove it as the user that owns it",
  });
}

const sum = (entries: readonly CacheEntry[]): number =>
  entries.reduce((total, entry) => total + entry.bytes, 0);

const summary = (entries: readonly CacheEntry[]): string =>
  `${counted(entries.length, "build")}, ${bytes(sum(entries))}`;
