import type { Setting } from "../network.js";

/** As `--set` takes it: `10`, `true`, `3x7`. */
export const settingText = (value: Setting): string =>
  typeof value === "object" ? `${value.height}x${value.width}` : String(value);
