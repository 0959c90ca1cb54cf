/**
 * Go. Which version an application is built with: `.go-version`, else the newer of `toolchain` and `go` of go.mod, which are the least that it takes. Of the
 * lines that get fixes it is the one that is named there, else the oldest that is new enough: what the authors ran is nearest to it. A program is built
 * in the image `golang` (https://hub.docker.com/_/golang) and runs on a base without Go.
 */
import { asOf, goBases, goBuildImage, goLines, goUser } from '../../catalog/go.ts';
import { parseGoMod } from '../../formats/go/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { Detection, Runtime, RuntimeBase } from '../contract.ts';
import { goRuntime } from '../go.ts';

export const detection: Detection = { name: goRuntime, title: 'Go', role: 'runtime' };

/** `1.26` of `1.26.3`. */
const lineOf = (version: string): string => version.split('.').slice(0, 2).join('.');

const number = (version: string): number => {
  const [major = '0', minor = '0'] = version.split('.');
  return Number.parseInt(major, 10) * 1000 + Number.parseInt(minor, 10);
};

type Stated = { readonly version: string; readonly from: Evidence };

function stated(project: Project, root: string): { readonly pin?: Stated; readonly least?: Stated } {
  const file = pathIn(root, 'go.mod');
  const mod = parseGoMod(project.read(file) ?? '');
  const versions = [mod.toolchain, mod.go].flatMap((item) => (item ? [item] : []));
  const [newest] = versions.sort((a, b) => number(b.version) - number(a.version));
  const least = newest && {
    version: newest.version,
    from: { file, line: newest.line, why: `it requires Go ${newest.version} or later` },
  };
  const pinned = pathIn(root, '.go-version');
  const pin = project.read(pinned)?.trim();
  return {
    ...(pin ? { pin: { version: pin, from: { file: pinned, line: 1, why: 'it names the version' } } } : {}),
    ...(least ? { least } : {}),
  };
}

const supported = goLines.filter((goLine) => goLine.supported).map(({ line }) => line);
const [newestLine = '1'] = supported;

const version: Runtime['version'] = (project, root) => {
  const { pin, least } = stated(project, root);
  if (pin) return { value: { version: pin.version, range: pin.version }, by: 'detected', from: [pin.from] };
  if (!least) return { value: { version: newestLine }, by: 'default', from: [] };
  const wanted = number(least.version);
  // what is newer than this catalogue has an image of its own
  const line = supported.findLast((value) => number(value) >= wanted) ?? lineOf(least.version);
  return { value: { version: line, range: least.version }, by: 'detected', from: [least.from] };
};

const base = ({ image, why }: { readonly image: string; readonly why: string }): RuntimeBase => ({
  kind: 'distroless',
  image,
  ...goUser,
  shell: false,
  copiedFromBuild: [],
  why,
});

/** Where the program lies that asks an application how it is. */
const goProbe = '/healthcheck';

const portWord = (port: number, variable: string | undefined): string =>
  variable === undefined ? String(port) : `${variable}:${port}`;

export const runtime: Runtime = {
  version,
  build: (asked) => ({ image: goBuildImage(asked), uid: 0, gid: 0 }),
  bases: () => [base(goBases.static)],
  probe: (port, variable, path, { over, refused } = {}) => [
    goProbe,
    ...(over === 'proxy' ? ['-forwarded'] : []),
    ...(refused ? ['-any'] : []),
    portWord(port, variable),
    // TLS would make it several times as large: that the port takes a connection is enough
    ...(over === 'https' ? [] : [path]),
  ],
  probePort: (port, variable) => [goProbe, portWord(port, variable)],
  run: (file) => ['go', 'run', file],
  watch: (file) => ['go', 'run', file],
  runsSource: () => false,
  test: () => ['go', 'test', './...'],
  supportNotes: (asked) => {
    const known = goLines.find(({ line }) => line === lineOf(asked));
    if (known?.supported || number(asked) > number(newestLine)) return [];
    return [
      {
        code: 'runtime-past',
        message: `Go ${asked} no longer gets fixes (as of ${asOf}); the newest is ${newestLine}`,
      },
    ];
  },
  production: {},
};
