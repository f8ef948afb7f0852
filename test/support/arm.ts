/**
 * arm64 on a machine that is none: a cross compiler, and an emulator of one process that takes system
 * calls to this system. What they are for says that it is skipped where one of them is missing.
 */
import { findTool } from "../../src/build/choose/toolchain.js";

const compiler = findTool(["aarch64-linux-gnu-g++"])?.path;
const emulator = findTool(["qemu-aarch64", "qemu-aarch64-static"])?.path;

export interface Arm {
  readonly compiler: string;
  readonly emulator: string;
  /** Where Debian's cross compiler keeps the libraries that a program opens. */
  readonly libraries: string;
}

export const arm: Arm | undefined =
  compiler === undefined || emulator === undefined
    ? undefined
    : { compiler, emulator, libraries: "/usr/aarch64-linux-gnu" };

/** Why there is no `arm`; what tests that are skipped say. */
export const withoutArm =
  compiler === undefined ? "there is no aarch64-linux-gnu-g++" : "there is no qemu-aarch64";
