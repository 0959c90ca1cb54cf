import type { Facts } from '../../../model/facts.ts';
import { readData } from '../../../project/data.ts';
import type { App } from '../app.ts';

/** Settings that are there and could not be read: what they say is not known, and the owner should know that. */
export function readUnparsedSettings(app: App): Facts['notes'] {
  return [app.path('tsconfig.json')].flatMap((file) => {
    const obstacle = app.project.obstacle(file);
    const broken = obstacle ? undefined : readData(app.project, file)?.problem;
    if (!obstacle && !broken) return [];
    const line = broken?.where?.line;
    const message = broken?.message ?? `${file} ${obstacle?.is ?? ''}`;
    return [
      {
        code: 'settings-not-read',
        message: `${line === undefined ? '' : `${file}:${line} `}${message}: the file is ignored`,
        from: [{ file, ...(line === undefined ? {} : { line }), why: message }],
      },
    ];
  });
}
