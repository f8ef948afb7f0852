import { Command } from "commander";
import { cacheEntries, clearCache } from "../../build/cache.js";
import { counted } from "../../diagnostics/counted.js";
import { bytes, print, printJson, table } from "../terminal.js";

interface Flags {
  readonly clear?: boolean;
  readonly json?: boolean;
}

export const cache = (): Command =>
  new Command("cache")
    .description("list what has been built, its size, and clear it")
    .argument("[dir]", "the folder whose .incept/ is meant, besides the user's cache", ".")
    .option("--clear", "remove all of it")
    .action((dir: string, flags: Flags) => {
      const entries = cacheEntries(dir);
      const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
      if (flags.clear === true) clearCache(entries);
      if (flags.json === true) return printJson({ entries, bytes: total, cleared: !!flags.clear });
      const rows = entries.map((e) => [e.model, e.target, bytes(e.bytes), e.directory]);
      if (rows.length > 0) print(table(rows, [2], "  "));
      const what = `${counted(entries.length, "build")}, ${bytes(total)}`;
      print(flags.clear === true ? `✔ removed ${what}` : what);
    });
