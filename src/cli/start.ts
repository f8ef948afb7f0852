#!/usr/bin/env node
/**
 * Where the command starts. A Node that is too old would end in a syntax error of the first package
 * that it cannot read, so its version is looked at before any is loaded.
 */
import { tooOld } from "./node-version.js";

const error = tooOld(process.versions.node);
if (error === undefined) await import("./main.js");
else {
  const { code, message, help } = error;
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ error: { code, message, help } }, undefined, 2)}\n`);
  } else process.stderr.write(`${error.toString()}\n`);
  process.exitCode = 2;
}
