import { leadOf } from '../engine/paths.ts';
import { readText } from '../engine/temp.ts';
import { type Frontend, frontendsIn, isOwnFrontend } from '../formats/dockerfile/frontend.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';

/** What of a project a build may run. */
export type TrustedInput = {
  /** absolute path of the project: a Dockerfile lies in it */
  readonly root: string;
  /** frontends besides Docker's own that a person named on the command line */
  readonly frontends: readonly string[];
};

export type ExaminedBuild = {
  /** absolute path */
  readonly dockerfile: string;
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  readonly trust: TrustedInput;
  readonly shownAs?: string | undefined;
  /** absolute path of our temporary folder, where Dockerfiles of our own and copies lie */
  readonly temp: string;
  readonly onProgress?: OnProgress | undefined;
};

const refused = (frontend: Frontend, file: string) =>
  new UserError({
    code: 'frontend-refused',
    message: `${file} uses the frontend ${frontend.image}, an image whose code BuildKit would run to read the file.`,
    where: { file, ...(frontend.line > 0 ? { line: frontend.line } : {}) },
    next: [
      "Docker's own frontend (docker/dockerfile) needs no permission.",
      `Remove the line, or allow the frontend for one run: --allow-frontend ${frontend.image}`,
    ],
  });

/**
 * Reads a Dockerfile before BuildKit does, and names the frontend that would run. Throws a `UserError` where that is not Docker's own and nobody
 * allowed it (`frontend-refused`), or where the Dockerfile is missing or lies outside of the project (`dockerfile-outside`).
 */
export function examineDockerfile(examined: ExaminedBuild): void {
  const { dockerfile, buildArgs, trust, onProgress } = examined;
  const file = nameIn(examined);
  const text = readText(dockerfile);
  if (text === undefined) {
    throw new UserError({
      code: 'dockerfile-missing',
      message: `There is no Dockerfile at ${file}.`,
      next: [
        'Create it, or change the path to it. In the build folder of a backing service, only tracked files are available.',
      ],
    });
  }
  const argument = buildArgs?.['BUILDKIT_SYNTAX'];
  const frontends = [...frontendsIn(text), ...(argument ? [{ image: argument.split(' ')[0] ?? '', line: 0 }] : [])];
  for (const frontend of frontends.filter(({ image }) => !isOwnFrontend(image))) {
    if (!trust.frontends.includes(frontend.image)) throw refused(frontend, file);
    const id = `frontend-${frontend.image}`;
    onProgress?.({ type: 'step', id, title: `BuildKit runs the frontend ${frontend.image} of ${file}` });
    onProgress?.({ type: 'done', id, ok: true, seconds: 0, note: 'allowed by --allow-frontend' });
  }
}

/** The path of a Dockerfile for messages, relative to the project. One that leads out of it is refused. */
function nameIn({ dockerfile, trust, shownAs, temp }: ExaminedBuild): string {
  const lead = leadOf(trust.root, dockerfile);
  if (lead.inside) return lead.path;
  const own = leadOf(temp, dockerfile);
  if (own.inside) return shownAs ?? own.path;
  throw new UserError({
    code: 'dockerfile-outside',
    message: `The Dockerfile is not part of the project: ${lead.why}.`,
    where: { file: dockerfile },
    next: ['Put the Dockerfile itself into the project.'],
  });
}
