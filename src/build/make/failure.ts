import { readFileSync } from "node:fs";
import { InceptError } from "../../diagnostics/incept-error.js";

/** Why a builder failed, by what it printed. The log stays where it is. */
export function failure(model: string, log: string): InceptError {
  const text = readLog(log);
  const see = `the whole log is ${log}`;
  if (/No space left on device|Disk quota exceeded/i.test(text)) {
    return new InceptError("file/cannot-write", `${model}: the disk is full.`, { help: see });
  }
  if (/Killed signal terminated program|virtual memory exhausted|out of memory/i.test(text)) {
    const message = `${model}: the C++ compiler ran out of memory.`;
    return new InceptError("toolchain/out-of-memory", message, { help: see });
  }
  if (!/Building (?:CXX|CUDA) object CMakeFiles\/network|CXX\(target\)/.test(text)) {
    const message = `${model}: the tools could not be set up: ${firstError(text)}`;
    return new InceptError("toolchain/broken", message, { help: see });
  }
  return new InceptError(
    "bug/emitted-code",
    `The C++ written for ${model} does not compile, which is a bug in inceptc: ${firstError(text)}`,
    { help: `please report it with the spec; ${see}` },
  );
}

function readLog(log: string): string {
  try {
    return readFileSync(log, "utf8");
  } catch {
    return "";
  }
}

/** The first error with the rows after it: CMake says in them what is wrong. */
function firstError(text: string): string {
  const at = text.search(/^.*\berror\b/im);
  if (at < 0) return "no error was printed";
  const rows = text.slice(at).split("\n").slice(0, 4);
  return rows.join(" ").replace(/\s+/g, " ").trim().slice(0, 300);
}
