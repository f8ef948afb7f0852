import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a path may lead to besides a file, made in a folder: what it is, and its path. */
export function oddFiles(folder: string): readonly (readonly [what: string, path: string])[] {
  const at = (name: string): string => join(folder, name);
  execFileSync("mkfifo", [at("pipe")]);
  mkdirSync(at("folder"));
  symlinkSync("pipe", at("to-pipe"));
  symlinkSync("nowhere", at("dangling"));
  symlinkSync("loop-b", at("loop-a"));
  symlinkSync("loop-a", at("loop-b"));
  writeFileSync(at("plain"), "");
  return [
    ["a pipe", at("pipe")],
    ["a link to a pipe", at("to-pipe")],
    ["a folder", at("folder")],
    ["a device", "/dev/zero"],
    ["a dangling link", at("dangling")],
    ["a loop of links", at("loop-a")],
    ["a path below a file", join(at("plain"), "x")],
    ["nothing", at("absent")],
    ["a name that is too long", at("x".repeat(300))],
  ];
}
