/**
 * Python. Which version an application asks for, in this order:
 *
 *   1. `.python-version`   2. `.tool-versions` (`python`)   3. `mise.toml`   4. `runtime.txt` (`python-3.12.4`)
 *   5. `requires-python` of pyproject.toml   6. `python` of `[tool.poetry.dependencies]`   7. `python_version` of Pipfile
 *
 * in the folder of the application, then in the root of the repository. A range takes 3.13 where that is inside, for which nearly every wheel is
 * there, else the newest line inside. Where no version is named, or the range leaves it open, packages that are pinned to versions from before 3.13 ask for
 * the line that those have wheels for.
 */
import { asOf, pythonImage, pythonLines, pythonOldImage, usualPython } from '../../catalog/python.ts';
import { pythonString } from '../../formats/python/index.ts';
import type { Evidence, Known, Unknown } from '../../model/evidence.ts';
import { readData } from '../../project/data.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { Detection, RuntimeBase } from '../contract.ts';
import { type PythonRuntime, VIRTUAL_ENVIRONMENT } from '../python.ts';
import { lineOf, linesInside } from '../support/python-versions.ts';
import { type VersionStatement, versionStatements } from '../support/versions.ts';

export const detection: Detection = {
  name: 'python',
  title: 'Python',
  role: 'runtime',
  language: 'python',
  files: ['.python-version', 'runtime.txt'],
};

const places = { files: ['.python-version', 'runtime.txt'], tools: ['python'], fields: [] };

const fields: readonly (readonly [file: string, path: readonly string[]])[] = [
  ['pyproject.toml', ['project', 'requires-python']],
  ['pyproject.toml', ['tool', 'poetry', 'dependencies', 'python']],
  ['Pipfile', ['requires', 'python_full_version']],
  ['Pipfile', ['requires', 'python_version']],
];

function inFields(project: Project, root: string): readonly VersionStatement[] {
  return fields.flatMap(([file, path]) => {
    const data = readData(project, pathIn(root, file), 'toml');
    const text = data?.text([...path]);
    if (!data || text === undefined) return [];
    const line = data.line([...path]);
    const from: Evidence = {
      file: data.file,
      ...(line === undefined ? {} : { line }),
      why: `${path.join('.')} is ${text}`,
    };
    return [{ text, from }];
  });
}

function version(
  project: Project,
  root: string,
  newest?: Parameters<PythonRuntime['version']>[2],
): Known<{ version: string; range?: string }> | Unknown {
  const [said] = [...versionStatements(project, root, places), ...inFields(project, root)];
  if (!said && newest) return { value: { version: newest.line }, by: 'detected', from: [newest.from] };
  if (!said) return { value: { version: usualPython }, by: 'default', from: [] };
  const { text, from } = said;
  const exact = lineOf(text);
  if (exact !== undefined) return { value: { version: exact }, by: 'detected', from: [from] };
  const inside = linesInside(
    text,
    pythonLines.filter(({ supported }) => supported).map(({ line }) => line),
  );
  const ofPins = newest && linesInside(text, [newest.line]).length > 0 ? newest : undefined;
  if (ofPins) return { value: { version: ofPins.line, range: text }, by: 'detected', from: [from, ofPins.from] };
  const taken = inside.includes(usualPython)
    ? usualPython
    : (inside[0] ??
      linesInside(
        text,
        pythonLines.map(({ line }) => line),
      )[0]);
  if (taken === undefined) {
    return { why: `no version of Python known as of ${asOf} matches "${text}"`, ask: 'runtime', from: [from] };
  }
  return { value: { version: taken, range: text }, by: 'detected', from: [from] };
}

const imageOf = (of: string): string => {
  const [, minor = '0'] = of.split('.');
  return (Number(minor) < 9 ? pythonOldImage : pythonImage).replace('VERSION', of);
};

const slim = (of: string): RuntimeBase => ({
  kind: 'slim',
  image: imageOf(of),
  uid: 10001,
  gid: 10001,
  shell: true,
  copiedFromBuild: [],
  why: 'the interpreter that the packages were installed for, with certificates and time zones',
});

/** The port as an expression. */
const portOf = (port: number, variable: string | undefined): string =>
  variable === undefined ? String(port) : `int(os.environ.get(${pythonString(variable)}) or ${port})`;

const importing = (modules: string, variable: string | undefined): string =>
  `import ${modules}${variable === undefined ? '' : ',os'}`;

export const runtime: PythonRuntime = {
  version,
  build: (of) => ({ image: imageOf(of) }),
  usual: usualPython,
  bases: (of) => [slim(of)],
  // by http.client: urllib would ask a proxy that the environment names
  probe: (port, variable, path, { over, refused } = {}) => {
    const https = over === 'https';
    const more = https ? ',context=ssl._create_unverified_context()' : '';
    const headers = over === 'proxy' ? ",headers={'X-Forwarded-Proto':'https'}" : '';
    return [
      'python',
      '-c',
      `${importing(`http.client as h,sys${https ? ',ssl' : ''}`, variable)};c=h.HTTP${https ? 'S' : ''}Connection('127.0.0.1',${portOf(port, variable)},timeout=2${more});c.request('GET',${pythonString(path)}${headers});sys.exit(c.getresponse().status>=${refused ? 500 : 400})`,
    ];
  },
  probePort: (port, variable) => [
    'python',
    '-c',
    `${importing('socket', variable)};socket.create_connection(('127.0.0.1',${portOf(port, variable)}),2)`,
  ],
  probeAnswer: (port, variable) => [
    'python',
    '-c',
    `${importing('http.client as h', variable)};c=h.HTTPConnection('127.0.0.1',${portOf(port, variable)},timeout=2);c.request('HEAD','/');c.getresponse()`,
  ],
  stubServer: (port) => [
    'python',
    '-c',
    `import http.server as s
class H(s.BaseHTTPRequestHandler):
  def a(self):
    self.send_response(200);self.send_header('content-type','application/json');self.send_header('content-length','2');self.end_headers();self.command!='HEAD' and self.wfile.write(b'{}')
  do_GET=do_HEAD=do_POST=do_PUT=do_PATCH=do_DELETE=a
s.ThreadingHTTPServer(('0.0.0.0',${port}),H).serve_forever()`,
  ],
  supportNotes: (of) => {
    const line = pythonLines.find((pythonLine) => of === pythonLine.line || of.startsWith(`${pythonLine.line}.`));
    if (line?.supported) return [];
    return [
      line
        ? {
            code: 'runtime-past',
            message: `Python ${line.line} no longer gets fixes (as of ${asOf}); the newest line is ${pythonLines[0]?.line}`,
          }
        : { code: 'runtime-unknown', message: `Python ${of} is not known as of ${asOf}: check that its image exists` },
    ];
  },
  // the root file system is read-only, and byte code of packages is there already
  environment: {
    PATH: `${VIRTUAL_ENVIRONMENT}/bin:/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin`,
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  },
  // a home that may be written, for what libraries keep there; a name for the user, who has none in the image: `getpass.getuser()` fails without, in PyMySQL when it is imported
  production: { HOME: '/tmp', USER: 'app' },
  compile: [
    'python',
    '-c',
    `import compileall, py_compile; compileall.compile_dir('${VIRTUAL_ENVIRONMENT}/lib', quiet=2, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)`,
  ],
};
