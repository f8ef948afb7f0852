import { requireNcnn } from "../../src/bench/ncnn/peer.js";

/** Where ncnn is installed, if it is; tests beside it are skipped where it is not. */
export function ncnnHere(): string | undefined {
  try {
    return requireNcnn();
  } catch {
    return undefined;
  }
}
