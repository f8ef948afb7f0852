import { text } from "node:stream/consumers";
import { isInceptErrorCode } from "../../diagnostics/error-codes.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { type Ending, startGuarded } from "./guarded.js";

/** A binary that has not answered after so many milliseconds never will. */
const patience = 60_000;

/**
 * Loads the binary, has it try the processor and a thread besides its own, or the GPU. A GPU's
 * network may be built where there is none: it has to load and to say what is missing.
 */
const script = `
const addon = require(process.argv.at(-1));
addon.probe({ threads: 2, device: 0 }).catch((error) => {
  const gpu = addon.describe().target.startsWith("cuda ");
  if (!gpu || !/^(cuda|memory)\\//.test(error.code)) throw error;
}).then(() => process.stdout.write(addon.describe().model));
`;

/**
 * Loads a fresh binary in a process of its own: one that crashes there never crashes the user's.
 *
 * @throws InceptError `bug/probe`, or what the binary itself reports (`memory/exhausted`)
 */
export async function probe(binary: string, model: string): Promise<void> {
  const child = startGuarded(process.execPath, ["-e", script, binary]);
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
