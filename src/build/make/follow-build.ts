import type { BuildEvent } from "../request.js";

/**
 * Follows a build by what make, Ninja and gyp's make print of it. `files` is how many will be
 * compiled. CMake's own trials, which print alike, are not counted.
 */
export function followBuild(
  files: number,
  onProgress: (event: BuildEvent) => void,
): (line: string) => void {
  let done = 0;
  return (line) => {
    if (/Building (?:CXX|CUDA) object CMakeFiles\/network|^\s*CXX\(target\)/.test(line)) {
      onProgress({ phase: "compile", done: done++, total: files });
    } else if (/Linking (?:CXX|CUDA) shared|^\s*SOLINK_MODULE\(target\)/.test(line)) {
      onProgress({ phase: "link" });
    }
  };
}
