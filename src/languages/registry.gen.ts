// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Language, LanguageDetection } from './contract.ts';

/** How each is recognised, by name. */
export const languages: readonly LanguageDetection[] = [
  {
    "name": "go",
    "title": "Go",
    "manifests": [
      "go.mod"
    ],
    "endings": [
      ".go"
    ],
    "testsHint": "add a file whose name ends with _test.go"
  },
  {
    "name": "html",
    "title": "plain HTML",
    "manifests": [],
    "endings": [
      ".html"
    ]
  },
  {
    "name": "javascript",
    "title": "JavaScript and TypeScript",
    "manifests": [
      "package.json"
    ],
    "endings": [
      ".ts",
      ".tsx",
      ".mts",
      ".cts",
      ".js",
      ".jsx",
      ".mjs",
      ".cjs"
    ],
    "testsHint": "add scripts.test to package.json",
    "isDefault": true
  },
  {
    "name": "python",
    "title": "Python",
    "manifests": [
      "pyproject.toml",
      "requirements.txt",
      "Pipfile",
      "setup.py",
      "manage.py",
      "environment.yml"
    ],
    "endings": [
      ".py"
    ],
    "testsHint": "add pytest to the development dependencies"
  }
];

const loaders: Readonly<Record<string, () => Promise<Language>>> = {
  'go': async () => (await import('./go/index.ts')).language,
  'html': async () => (await import('./html/index.ts')).language,
  'javascript': async () => (await import('./javascript/index.ts')).language,
  'python': async () => (await import('./python/index.ts')).language,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadLanguage = async (name: string): Promise<Language | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
