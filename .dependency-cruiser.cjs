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
  "src/plan",
  "src/targets",
  "src/emit",
  "src/build",
  "src/runtime",
  "src/bundlers",
  "src/cli",
];

const onlyLeftwards = rooms.map((room, i) => ({
  name: `${room} imports only from rooms to its left`,
  severity: "error",
  from: { path: `^${room}/` },
  to: { path: rooms.slice(i + 1).map((right) => `^${right}/`) },
}));

module.exports = {
  forbidden: [
    ...onlyLeftwards.filter((rule) => rule.to.path.length > 0),
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
