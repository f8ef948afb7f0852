const { readdirSync } = require("node:fs");
const { join } = require("node:path");

/**
 * The rooms of docs/architecture.md, left to right: each may import only from rooms to its left.
 * `diagnostics`, `files` and `ops` are known to all of them; `diagnostics` knows nobody, the others
 * only it.
 */
const rooms = [
  "grammar",
  "src/syntax",
  "src/model",
  "src/graph",
  "src/autodiff",
  "src/passes",
  "src/kernels",
  "src/plan",
  "src/targets",
  "src/emit",
  "src/build",
  "src/checkpoints",
  "src/import",
  "src/runtime",
  "src/data",
  "src/bundlers",
  "src/bench",
  "src/cli",
];

/**
 * What stands in the two largest rooms, in the order of docs/architecture.md, by the same rule. Files at
 * the top of a room are its vocabulary, which all in it know, and at the right its front door.
 */
const inner = {
  "src/model": [
    "sources/",
    "network.ts",
    "walk.ts",
    "scope/",
    "flow/",
    "mend/",
    "values/",
    "declare/",
    "settings/",
    "expand/",
    "lint/",
    "check.ts",
    "check-file.ts",
  ],
  "src/build": [
    "request.ts",
    "disk/",
    "records/",
    "choose/",
    "project/",
    "cache/",
    "make/",
    "tune/",
    "deliver/",
    "health/",
    "build.ts",
  ],
};

/** Each imports only what stands to its left: paths from the repository's root, a folder's with its slash. */
const leftwards = (paths) =>
  paths.slice(0, -1).map((path, i) => ({
    name: `${path} imports only what stands to its left`,
    severity: "error",
    from: { path: startOf(path) },
    to: { path: paths.slice(i + 1).map(startOf) },
  }));

const startOf = (path) => `^${path.replaceAll(".", "\\.")}`;

const onlyLeftwards = [
  ...leftwards(rooms.map((room) => `${room}/`)),
  ...Object.entries(inner).flatMap(([room, names]) => {
    for (const { name } of readdirSync(join(__dirname, room), { withFileTypes: true })) {
      const isListed = names.some((listed) => listed.replace("/", "") === name);
      if (!isListed) throw new Error(`${room}/${name} has no place in its room`);
    }
    return leftwards(names.map((name) => `${room}/${name}`));
  }),
];

module.exports = {
  forbidden: [
    ...onlyLeftwards,
    {
      name: "diagnostics imports no other room",
      severity: "error",
      from: { path: "^src/diagnostics/" },
      to: { path: ["^grammar/", "^src/(?!diagnostics/)"] },
    },
    {
      name: "files imports only diagnostics",
      severity: "error",
      from: { path: "^src/files/" },
      to: { path: ["^grammar/", "^src/(?!files/|diagnostics/)"] },
    },
    {
      name: "ops imports only diagnostics",
      severity: "error",
      from: { path: "^src/ops/" },
      to: { path: ["^grammar/", "^src/(?!ops/|diagnostics/)"] },
    },
    {
      name: "a target does not know another target",
      severity: "error",
      from: { path: "^src/targets/([^/]+)/" },
      to: { path: "^src/targets/([^/]+)/", pathNot: "^src/targets/$1/" },
    },
    {
      name: "the onnx writer stands beside the targets",
      severity: "error",
      from: { path: "^src/onnx/" },
      to: {
        path: [
          "^src/passes/",
          "^src/plan/",
          "^src/targets/",
          "^src/emit/",
          "^src/build/",
          "^src/runtime/",
          "^src/cli/",
        ],
      },
    },
    { name: "no cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "the product does not import its tests",
      severity: "error",
      from: { path: "^(src|grammar)/" },
      to: { path: "^(test|bench|examples)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js"],
      exportsFields: ["exports"],
      conditionNames: ["import", "types"],
    },
  },
};
