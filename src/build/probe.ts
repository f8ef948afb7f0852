import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { InceptError } from "../diagnostics/incept-error.js";

/**
 * Loads the binary, makes an instance with a thread besides its own, and takes it down again. A
 * GPU's network may be built where there is none: it has to load and to say what is missing.
 */
const script = `
const addon = require(process.argv[1]);
try {
  new addon.Instance(2).dispose();
} catch (error) {
  const gpu = addon.describe().target.startsWith("cuda ");
  if (!gpu || !/^(cuda|memory)\\//.test(error.code)) throw error;
}
process.stdout.write(addon.describe().model);
`;

/**
 * Loads a fresh binary in a process of its own: one that crashes there never crashes the user's.
 *
 * @throws InceptError `bug/probe`, or what the binary itself reports (`memory/exhausted`)
 */
export async function probe(binary: string, model: string): Promise<void> {
  let answer: string;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script, binary], {
      env: { ...process.env, NODE_OPTIONS: "", ELECTRON_RUN_AS_NODE: "1" },
      timeout: 60_000,
    });
    answer = stdout;
  } catch (cause) {
    throw probeError(model, cause as Error & { stderr?: string; signal?: string });
  }
  if (answer !== model) {
    throw new InceptError("bug/probe", `The binary of ${model} says that it is ${answer}.`);
  }
}

function probeError(model: string, cause: Error & { stderr?: string; signal?: string }): Error {
  const stderr = cause.stderr ?? "";
  const code = /code: '([a-z]+\/[a-z-]+)'/.exec(stderr)?.[1];
  const message = /^Error: (.*)$/m.exec(stderr)?.[1];
  if (code !== undefined) return new InceptError(code, message ?? code, { cause });
  const how = cause.signal ? `ended with ${cause.signal}` : `failed: ${message ?? cause.message}`;
  return new InceptError("bug/probe", `Loading the fresh binary of ${model} ${how}.`, {
    help: "this is a bug in inceptc; please report it with the spec and the command",
    cause,
  });
}
