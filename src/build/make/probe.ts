import { text } from "node:stream/consumers";
import { isInceptErrorCode } from "../../diagnostics/error-codes.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { levelsHere } from "../../targets/cpu/level.js";
import type { Variant } from "../choose/variant.js";
import { type Ending, startGuarded } from "./guarded.js";

/** A binary that has not answered after so many milliseconds never will. */
const patience = 60_000;

/**
 * Loads the binary, has it try the processor and a thread besides its own, or the GPU. A network may
 * be built for another machine: it has to load here and to say what is missing.
 */
const script = `
const [may, binary] = process.argv.slice(-2);
const addon = require(binary);
addon.probe({ threads: 2, device: 0 }).catch((error) => {
  if (!new RegExp(may).test(error.code)) throw error;
}).then(() => process.stdout.write(addon.describe().model));
`;

/**
 * Loads a fresh binary in a process of its own: one that crashes there never crashes the user's.
 *
 * @throws InceptError `bug/probe`, or what the binary itself reports (`memory/exhausted`)
 */
export async function probe(
  binary: string,
  model: string,
  variant: Pick<Variant, "target" | "levels">,
): Promise<void> {
  const child = startGuarded(process.execPath, ["-e", script, mayLack(variant), binary], {
    env: { INCEPT_CPU: "" },
  });
  const timer = setTimeout(() => child.kill(), patience);
  const [answer, errors, ending] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.ending,
  ]).finally(() => clearTimeout(timer));
  if (ending.signal !== undefined || ending.code !== 0) throw probeError(model, ending, errors);
  if (answer !== model) {
    throw new InceptError("bug/probe", `The binary of ${model} says that it is ${answer}.`);
  }
}

/** Codes of what a machine may lack that compiles for another one, as a regular expression. */
function mayLack({ target, levels }: Pick<Variant, "target" | "levels">): string {
  if (target === "cuda") return "^(cuda|memory)/";
  const runHere = levelsHere("bf16");
  return levels.some((level) => !runHere.includes(level)) ? "^cpu/unsupported$" : "^$";
}

function probeError(model: string, ending: Ending, stderr: string): Error {
  const code = /code: '([a-z]+\/[a-z-]+)'/.exec(stderr)?.[1];
  const message = /^Error: (.*)$/m.exec(stderr)?.[1];
  if (isInceptErrorCode(code)) return new InceptError(code, message ?? code);
  const how =
    ending.signal === undefined
      ? `failed: ${message ?? `exit code ${ending.code}`}`
      : `ended with ${ending.signal}`;
  return new InceptError("bug/probe", `Loading the fresh binary of ${model} ${how}.`, {
    help: "this is a bug in inceptc; please report it with the spec and the command",
  });
}
