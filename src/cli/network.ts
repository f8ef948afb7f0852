import type { Diagnostic, Source } from "../diagnostics/diagnostic.js";
import { renderDiagnostics, renderJson } from "../diagnostics/render.js";
import { checkSpec } from "../model/check.js";
import { readSource, readSourceIfPresent } from "../model/files.js";
import type { Network } from "../model/network.js";
import { Refusal } from "./exit.js";
import { colours, columns, printJson, say } from "./terminal.js";

export interface ModelFlags {
  readonly set?: Readonly<Record<string, string>>;
  readonly model?: string;
  readonly json?: boolean;
}

export interface Checked {
  readonly network?: Network;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks a spec; nothing is printed. */
export const checkFile = (file: string, flags: ModelFlags): Checked =>
  checkSource(readSource(file), flags);

export function checkSource(source: Source, flags: ModelFlags): Checked {
  return checkSpec(source, {
    read: readSourceIfPresent,
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags.set === undefined ? {} : { set: flags.set }),
  });
}

/** The checked network, its findings printed; ends the verb where there are errors. */
export function loadNetwork(file: string, flags: ModelFlags): Network {
  const { network, diagnostics } = checkFile(file, flags);
  const failed = network === undefined || diagnostics.some((d) => d.severity === "error");
  if (flags.json === true && failed) printJson(renderJson(diagnostics));
  else sayDiagnostics(diagnostics);
  if (failed) throw new Refusal();
  return network;
}

export function sayDiagnostics(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length === 0) return;
  say(renderDiagnostics(diagnostics, { color: colours.isColorSupported, columns: columns() }));
}
