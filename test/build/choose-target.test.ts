import { describe, expect, it } from "vitest";
import { chooseTarget } from "../../src/build/choose/choose-target.js";

describe("the target auto", () => {
  it("is a GPU where there is a driver and nvcc", () => {
    expect(chooseTarget(true, true)).toMatchObject({ target: "cuda", worthTelling: true });
  });

  it("is the CPU without either, and says which is missing", () => {
    expect(chooseTarget(true, false)).toEqual({
      target: "cpu",
      why: "there is an NVIDIA GPU, but no nvcc of CUDA 12.4 or newer",
      worthTelling: true,
    });
    expect(chooseTarget(false, true)).toMatchObject({ target: "cpu", worthTelling: false });
    expect(chooseTarget(false, true).why).toContain("no NVIDIA driver");
  });
});
