import { existsSync } from "node:fs";
import { cudaVersion, leastCuda } from "./cuda-toolkit.js";
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

/** Whether there is a compiler that is new enough. */
function hasNvcc(): boolean {
  const nvcc = findNvcc();
  return nvcc !== undefined && (cudaVersion(nvcc) ?? leastCuda) >= leastCuda;
}

/** Looks at files alone; nothing of a GPU is called. */
export function chooseTarget(driver = hasDriver(), nvcc = hasNvcc()): Choice {
  if (driver && nvcc) {
    return { target: "cuda", why: "there is an NVIDIA GPU, and nvcc", worthTelling: true };
  }
  const why = driver
    ? `there is an NVIDIA GPU, but no nvcc of CUDA ${leastCuda} or newer`
    : "no NVIDIA driver is loaded on this machine";
  return { target: "cpu", why, worthTelling: driver };
}
