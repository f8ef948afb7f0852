import { InceptError } from "../diagnostics/incept-error.js";
import { nodeRange } from "../emit/package.js";

/** Why this Node cannot run the command, if it cannot: package.json's `engines` has the bound. */
export function tooOld(
  version: string,
  least = nodeRange.replace(">=", ""),
): InceptError | undefined {
  const [has, needs] = [version, least].map((text) => text.split(".").map(Number));
  const [major = 0, minor = 0] = has!;
  const [leastMajor = 0, leastMinor = 0] = needs!;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return new InceptError(
    "node/too-old",
    `inceptc needs Node ${least} or newer; this is ${version}.`,
    {
      help: `install a newer one from nodejs.org, or with a version manager: nvm install ${leastMajor}`,
    },
  );
}
