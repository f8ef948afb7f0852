import { isAbsolute, parse, relative, resolve } from "node:path";
import { Command } from "commander";
import { deliver, requireDeliverable } from "../../build/deliver/deliver.js";
import { emitProject } from "../../build/deliver/emit.js";
import type { BuildRequest } from "../../build/request.js";
import { tune } from "../../build/tune/tune.js";
import { keepTypes } from "../../build/deliver/types.js";
import { isImportable } from "../../emit/types.js";
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { visible } from "../../diagnostics/visible.js";
import { displayPath, shellWord, shownPath } from "../../files/display.js";
import { checkFile } from "../../model/check-file.js";
import type { Network } from "../../model/network.js";
import { listNames } from "../../runtime/weights/require-match.js";
import { built, describeBuild, requestOf } from "../artefact.js";
import { loadNetwork, requireTrainable } from "../network.js";
import { type BuildFlags, trainOption, withBuildFlags } from "../options.js";
import { print, printJson, say } from "../terminal.js";
import { TuneProgress } from "../tuning.js";
import { watching } from "../watch.js";

interface Flags extends BuildFlags {
  readonly emitOnly?: boolean;
  readonly standalone?: boolean;
  readonly out?: string;
  readonly watch?: boolean;
  readonly tune?: boolean;
}

export const build = (): Command =>
  withBuildFlags(new Command("build"))
    .description("compile a spec to a native addon, and write its types beside it")
    .argument("<spec>", "a .incept file")
    .option("--emit-only", "write the C++ project to -o and build nothing")
    .option("--standalone", "with --emit-only: plain CMake, a program and a C library, no Node")
    .option("-o, --out <dir>", "make a package of the module here (or write the project here)")
    .addOption(trainOption())
    .option("--tune", "measure the kernels of layers that have no times here yet, and go by them")
    .option("--watch", "build again after every change of the spec or what it imports")
    .addHelpText(
      "after",
      "\nThe package in DIR holds the binary, its manifest and its types; where it is\n" +
        "imported inceptc is installed too, but no compiler. What stands in DIR is\n" +
        "replaced only where inceptc wrote it and nobody changed it.",
    )
    .action(async (spec: string, flags: Flags) => {
      checkFlags(flags);
      if (flags.emitOnly !== true) requireName(spec);
      if (flags.watch !== true) return once(spec, loadNetwork(spec, flags), flags);
      await watching(
        [resolve(spec)],
        () => checkFile(spec, flags).files,
        () => once(spec, loadNetwork(spec, flags), flags),
      );
    });

/** Emits or builds. */
async function once(spec: string, network: Network, flags: Flags): Promise<void> {
  if (flags.train === true) requireTrainable(network, flags);
  const request = requestOf(spec, network, flags);
  if (flags.tune === true) await tuneMissing(request, flags.json === true);
  if (flags.emitOnly !== true || flags.out === undefined) {
    return compile(spec, network, request, flags);
  }
  const directory = resolve(flags.out);
  await emitProject({ ...request, directory, standalone: flags.standalone });
  if (flags.json === true) printJson({ directory });
  else print(`✔ ${network.name}  sources in ${shownPath(flags.out)}`);
}

/** Nothing is said of a spec whose layers have their times already. */
async function tuneMissing(request: BuildRequest, quiet: boolean): Promise<void> {
  const progress = new TuneProgress(quiet);
  const { update: onProgress, end } = progress;
  const { layers, file } = await tune(request, { missing: true, onProgress }).finally(end);
  if (layers.length === 0 || quiet) return;
  say(`measured ${counted(layers.length, "layer")}: ${shownPath(displayPath(file))}`);
}

async function compile(
  spec: string,
  network: Network,
  request: BuildRequest,
  flags: Flags,
): Promise<void> {
  const started = performance.now();
  const { out } = flags;
  if (out !== undefined) await requireDeliverable(network, out);
  const kept = keepTypes(spec, network);
  if ("unwritten" in kept) say(`warning: ${kept.unwritten}`);
  const result = await built(request, flags.json === true);
  if (out !== undefined) await deliver(result, network, out);
  const { directory, binary, cached, manifest } = result;
  const unreached = manifest.training?.unreached ?? [];
  if (unreached.length > 0) say(`warning: no loss hangs on ${listNames(unreached)}`);
  if (flags.json === true) {
    const types = "file" in kept ? kept.file : null;
    const made = out === undefined ? {} : { package: resolve(out) };
    return printJson({ directory, binary, types, ...made, cached, manifest });
  }
  const time = cached ? "up to date" : `${((performance.now() - started) / 1000).toFixed(0)} s`;
  print(`✔ ${describeBuild(result)}  ${time}`);
  if (out !== undefined) print(useOf(out));
}

/** How a program gets the package, from where the command was typed. */
function useOf(out: string): string {
  const path = relative(process.cwd(), resolve(out));
  const folder = isAbsolute(path) || /^\.\.(?![^/\\])/.test(path) ? path : `./${path}`;
  const file = `${folder.replace(/[/\\]$/, "")}/index.js`;
  return `  import net from ${visible(JSON.stringify(file))}, or npm install ${visible(shellWord(folder))}`;
}

function checkFlags({ emitOnly, standalone, out }: Flags): void {
  if (emitOnly === true && out === undefined) {
    throw new InceptError("args/missing", "--emit-only needs a folder to write to.", {
      help: "add -o DIR",
    });
  }
  if (standalone === true && emitOnly !== true) {
    throw new InceptError("args/missing", "--standalone describes what --emit-only writes.", {
      help: "add --emit-only -o DIR",
    });
  }
}

/** What is built is imported, by a name that import hooks and TypeScript know. */
function requireName(spec: string): void {
  if (isImportable(spec)) return;
  throw new InceptError("spec/name", `${spec} cannot be imported: its name must end in .incept.`, {
    help: `rename it to ${parse(spec).name}.incept`,
  });
}
