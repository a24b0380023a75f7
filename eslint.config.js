import js from '@eslint/js';
import angular from 'angular-eslint';
import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';
import onegin from './tools/words/eslint-plugin.ts';

// A private member is private at run time too. Constructors, and fields that Angular sets, cannot be `#`.
const hashPrivate = {
  selector: ':not(MethodDefinition[kind="constructor"])[accessibility="private"]',
  message: 'Write #name instead of private name.',
};

export default tseslint.config(
  { ignores: ['**/*.cjs', '**/node_modules', '.cache', 'data', '**/dist', '**/.angular', 'coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // An unawaited promise in a service loses its error; these two are why the linter knows types at all.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-explicit-any': 'error',
      // Numeric code indexes typed arrays whose bounds the loop itself guarantees.
      '@typescript-eslint/no-non-null-assertion': 'off',
      eqeqeq: ['error', 'smart'],
      'no-console': ['error', { allow: ['error'] }],
      'no-restricted-syntax': ['error', hashPrivate],
    },
  },
  {
    files: ['tools/**', 'bench/**', 'packages/cli/**', '**/*.mjs', '**/*.js', 'tests/**'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        Buffer: 'readonly',
        AbortSignal: 'readonly',
        performance: 'readonly',
      },
    },
    rules: { 'no-console': 'off' },
  },
  {
    // These are part of the web UI. Of `import { z }` the build keeps all of zod, of a namespace what is used.
    files: [
      'packages/contracts/src/**',
      'packages/search/src/**',
      'packages/charts/src/**',
      'frontend/**/*.ts',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        hashPrivate,
        {
          selector:
            'ImportDeclaration[importKind!="type"][source.value="zod"] > ImportSpecifier[imported.name="z"]',
          message: "Write import * as z from 'zod'.",
        },
      ],
    },
  },
  {
    files: ['frontend/**/*.ts'],
    extends: [...angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@angular-eslint/component-selector': ['error', { type: 'element', prefix: 'on', style: 'kebab-case' }],
      '@angular-eslint/directive-selector': [
        'error',
        { type: 'attribute', prefix: 'on', style: 'camelCase' },
      ],
      '@angular-eslint/prefer-on-push-component-change-detection': 'error',
      // Observers that a test leaves out do nothing.
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    files: ['frontend/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
  },
  { files: ['**/*.ts'], plugins: { onegin }, rules: { 'onegin/retired-words': 'error' } },
  prettier,
);
