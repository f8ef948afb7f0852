import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { renderDiagnostics, renderJson } from "../diagnostics/render.js";
import { checkFile } from "../model/check-file.js";
import type { Network } from "../model/network.js";
import { trainSettingsOf } from "../model/settings/train.js";
import { Refusal } from "./exit.js";
import { colours, columns, printJson, say } from "./terminal.js";

export interface ModelFlags {
  readonly set?: Readonly<Record<string, string>>;
  readonly model?: string;
  readonly root?: string;
  readonly json?: boolean;
}

/**
 * The checked network of a spec, its findings printed; ends the verb where there are errors.
 *
 * @param tellJson prints them for a program; `printLine` where the verb's answer is an object a line
 */
export function loadNetwork(file: string, flags: ModelFlags, tellJson = printJson): Network {
  const { network, diagnostics } = checkFile(file, flags);
  const failed = network === undefined || diagnostics.some((d) => d.severity === "error");
  if (flags.json === true && failed) tellJson(renderJson(diagnostics));
  else sayDiagnostics(diagnostics);
  if (failed) throw new Refusal();
  return network;
}

/** Ends the verb, its findings printed, where the spec has to say more before it can be trained. */
export function requireTrainable(
  network: Network,
  { json }: Pick<ModelFlags, "json">,
  tellJson = printJson,
): void {
  const { findings } = trainSettingsOf(network);
  if (findings.length === 0) return;
  if (json === true) tellJson(renderJson(findings));
  else sayDiagnostics(findings);
  throw new Refusal();
}

export function sayDiagnostics(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length === 0) return;
  say(renderDiagnostics(diagnostics, { color: colours.isColorSupported, columns: columns() }));
}
