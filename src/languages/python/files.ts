import { expressionsOf } from '../../formats/python/index.ts';
import { type App, isSideFile } from './app.ts';

/** Folders in the root that no running application reads. */
const left =
  /^(tests?|docs?|examples?|benchmarks?|notebooks|node_modules|venv|env|build|dist|htmlcov|specs|deploy|deployment|infra|terraform|k8s|helm|charts|assets-src|\..*|__pycache__|.*\.egg-info)$/;

/** Files in the root that are for people, tools and other platforms. */
const forOthers: readonly RegExp[] = [
  /^\./,
  /^(README|LICEN[CS]E|CHANGELOG|CONTRIBUTING|AUTHORS|SECURITY|NOTICE|Makefile|Dockerfile|Containerfile|Procfile|Jenkinsfile|justfile|Vagrantfile|MANIFEST\.in|runtime\.txt|app\.json|fly\.toml|render\.yaml|railway\.(json|toml)|nixpacks\.toml|vercel\.json|mkdocs\.yml|tox\.ini|pytest\.ini|setup\.(py|cfg)|noxfile\.py|conftest\.py|pyproject\.toml|Pipfile(\.lock)?|[\w-]+\.lock|package(-lock)?\.json|environment\.ya?ml|dockwright\.json)\b/i,
  /^(docker-)?compose\b/i,
  /\.(md|rst|ipynb|sqlite3?|db|log|sh|bat|ps1|pem|key|zip)$/i,
];

const isForOthers = (file: string): boolean =>
  (file.endsWith('.env') && !file.startsWith('.')) ||
  forOthers.some((pattern) => pattern.test(file)) ||
  (file.includes('requirements') && file.endsWith('.txt'));

/** Folders and files that are for people as a rule, and that ship where a text of the sources names them. */
const forPeople = /^(docs?|examples?|notebooks|specs|assets-src)$|\.(md|rst|ipynb|sqlite3?|db|zip)$/i;

/** What texts of the sources name in the root: the first parts of paths. */
const namedIn = (app: App): ReadonlySet<string> =>
  new Set(
    app.modules.flatMap(({ syntax }) =>
      expressionsOf(syntax.body).flatMap((one) =>
        one.kind === 'text' ? [one.value.replace(/^\.\//, '').split('/')[0] ?? ''] : [],
      ),
    ),
  );

/** The files and folders that ship: Python imports and reads by paths that no one can list, so all that belongs to the application does. */
export function sourcesOf(app: App): readonly string[] {
  const tops = new Map<string, boolean>();
  const named = namedIn(app);
  for (const file of app.files) {
    const [top = file] = file.split('/');
    const isFolder = file.includes('/');
    const isRead = forPeople.test(top) && named.has(top);
    if (!isRead && (isFolder ? left.test(top) : isForOthers(top) || isSideFile(top))) continue;
    tops.set(top, isFolder);
  }
  // a folder with a manifest of its own is an application of its own
  const apart = new Set(
    app.files
      .filter((file) => /^[^/]+\/(package\.json|pyproject\.toml|go\.mod|Cargo\.toml)$/.test(file))
      .map((file) => file.split('/')[0]),
  );
  return [...tops]
    .filter(([top, isFolder]) => !(isFolder && apart.has(top)))
    .map(([top]) => top)
    .sort();
}

/** The tests of an application. */
export function testsOf(app: App): readonly string[] {
  return app.files.filter((file) => /(^|\/)(test_[^/]*|[^/]*_test|tests)\.py$/.test(file)).slice(0, 50);
}
