import { Command } from "commander";
import { examineGpu } from "../../build/health/gpu-health.js";
import { examine, type Finding } from "../../build/health/health.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { version } from "../../emit/package.js";
import { print, printJson } from "../terminal.js";

export const doctor = (): Command =>
  new Command("doctor")
    .description("look at what this machine has for building, and how to get what it lacks")
    .action((flags: { json?: boolean }) => {
      const findings = [...examine(), ...examineGpu()];
      const lacking = findings.filter(({ ok, required }) => required && !ok);
      if (flags.json === true) printJson({ version, ready: lacking.length === 0, findings });
      else print([`inceptc ${version}`, ...findings.map(line)].join("\n"));
      if (lacking.length > 0) {
        const names = lacking.map(({ name }) => name).join(", ");
        throw new InceptError("doctor/not-ready", `Nothing can be built here without: ${names}.`);
      }
    });

const line = ({ name, ok, required, found, help }: Finding): string => {
  const mark = ok ? "✔" : required ? "✖" : "·";
  const advice = help === undefined ? "" : `\n    help: ${help}`;
  return `  ${mark} ${name.padEnd(26)}  ${found}${advice}`;
};
