/** What `inceptc train` begins with. */
import { expect, test } from "vitest";
import { requireBeginning } from "../../../src/cli/train/begin.js";

test("an --init has something to begin", () => {
  const [init, weights] = ["xavier", "w.safetensors"] as const;
  requireBeginning({ init }, []);
  requireBeginning({ weights }, []);
  requireBeginning({ init, weights }, ["fc.*"]);
  expect(() => requireBeginning({ init, weights }, [])).toThrow(
    "--init is for parameters that --weights does not give.",
  );
});
