import { Command } from "commander";
import { typesAreStale } from "../../build/types.js";
import { renderJson } from "../../diagnostics/render.js";
import { declarationFile } from "../../emit/types.js";
import { Refusal } from "../exit.js";
import { checkFile, type ModelFlags, sayDiagnostics } from "../network.js";
import { withModelFlags } from "../options.js";
import { print, printJson, say } from "../terminal.js";

export const check = (): Command =>
  withModelFlags(new Command("check"))
    .description("find what is wrong in a spec, without building it")
    .argument("<spec...>", ".incept files")
    .action((specs: string[], flags: ModelFlags) => {
      const results = specs.map((spec) => ({ spec, ...checkFile(spec, flags) }));
      const findings = results.flatMap(({ diagnostics }) => diagnostics);
      const errors = findings.filter(({ severity }) => severity === "error").length;
      const warnings = findings.length - errors;
      if (flags.json === true) printJson(renderJson(findings));
      else {
        sayDiagnostics(findings);
        for (const { spec, network } of results) {
          if (network !== undefined && typesAreStale(spec, network)) {
            say(`${declarationFile(spec)} is out of date: run inceptc build ${spec}`);
          }
        }
        print(verdict(specs.length, errors, warnings));
      }
      if (errors > 0) throw new Refusal();
    });

function verdict(specs: number, errors: number, warnings: number): string {
  const counted = [
    ...(errors > 0 ? [count(errors, "error")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ].join(", ");
  const subject = count(specs, "spec");
  return errors > 0 ? `✖ ${subject}: ${counted}` : `✔ ${subject}: ${counted || "nothing to say"}`;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
