/** Images and lines of Python, and the servers that are taken where a project has none. Data only. */

/** The day this was last looked up (ISO): https://peps.python.org/api/release-cycle.json, https://hub.docker.com/_/python. */
export const asOf = '2026-11-20';

/** The line that is taken where the project leaves it open: nearly every wheel is there for it. */
export const usualPython = '3.13';

/** Newest first; `supported`: it still gets fixes of security. */
export const pythonLines: readonly { readonly line: string; readonly supported: boolean }[] = [
  { line: '3.15', supported: true },
  { line: '3.14', supported: true },
  { line: '3.13', supported: true },
  { line: '3.12', supported: true },
  { line: '3.11', supported: true },
  { line: '3.10', supported: false },
  { line: '3.9', supported: false },
  { line: '3.8', supported: false },
];

/** `VERSION` stands for the version: the tag names the release of Debian, which the short one changes without a word. */
export const pythonImage = 'python:VERSION-slim-trixie';

/** Lines that ended before Debian 13 was there have images of Debian 12 alone. */
export const pythonOldImage = 'python:VERSION-slim-bookworm';

/** The static program of uv (https://docs.astral.sh/uv/guides/integration/docker/). */
export const uvImage = 'ghcr.io/astral-sh/uv:0.13.8';

/** What serves an application whose project names no server, as it is installed. */
export const usualServers = {
  asgi: { program: 'uvicorn', requirement: 'uvicorn==0.38.0' },
  wsgi: { program: 'gunicorn', requirement: 'gunicorn==23.0.0' },
} as const;

/** Managers that write their lockfiles as requirements, in a stage of their own, with the versions that do. */
export const exporters = {
  poetry: ['poetry==2.5.1', 'poetry-plugin-export==1.10.1'],
  // 2.29 asks for no upper bound of hishel, whose 2.0 it cannot import
  pdm: ['pdm==2.29.4', 'hishel[httpx2]==1.4.0'],
  pipenv: ['pipenv==2026.10.3'],
} as const;
