import { existsSync } from "node:fs";
import { findNvcc } from "./toolchain.js";

/** What `auto` means on this machine, and why, as the end of a sentence. */
export interface Choice {
  readonly target: "cpu" | "cuda";
  readonly why: string;
  /** Whether there is a sign of a GPU: then the reason is worth telling. */
  readonly worthTelling: boolean;
}

/** Where Linux shows that NVIDIA's driver is loaded, and WSL that there is a GPU. */
const drivers = ["/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg"];

export const hasDriver = (): boolean => drivers.some((path) => existsSync(path));

/** Looks at files alone; nothing of a GPU is called. */
export function chooseTarget(driver = hasDriver(), nvcc = findNvcc() !== undefined): Choice {
  if (driver && nvcc) {
    return { target: "cuda", why: "there is an NVIDIA GPU, and nvcc", worthTelling: true };
  }
  const why = driver
    ? "there is an NVIDIA GPU, but no nvcc"
    : "no NVIDIA driver is loaded on this machine";
  return { target: "cpu", why, worthTelling: driver };
}
