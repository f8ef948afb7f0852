import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "dist/**",
      "node_modules/**",
      "**/.incept/**",
      "**/*.generated.*",
      "examples/**/node_modules/**",
      "codegen-templates/**",
      "**/*.cjs",
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ["*.js"] } },
    },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "prefer-const": "error",
      "max-lines": ["error", { max: 500 }],
    },
  },
  {
    files: ["src/**/*.ts", "grammar/**/*.ts"],
    ignores: ["src/diagnostics/bug.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "ThrowStatement > NewExpression[callee.name='Error']",
          message: "Call bug(text), or throw what tells whose fault it is.",
        },
      ],
    },
  },
  // Written by the compiler: as long as the network has weights.
  { files: ["**/*.d.incept.ts"], rules: { "max-lines": "off" } },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
);
