/** Procfile of Heroku, which Dokku, Render, Railway, Clever Cloud and foreman read too: one line per process. */
import type { HintDetection, HintFact, PlatformFile } from './contract.ts';

export const detection: HintDetection = {
  name: 'procfile',
  title: 'Procfile',
  files: ['Procfile'],
  place: 'application',
  page: 'https://devcenter.heroku.com/articles/procfile',
};

export const hint: PlatformFile = {
  read: ({ file, text }) =>
    text.split('\n').flatMap((raw, index): HintFact[] => {
      const [, name, value = ''] = /^([A-Za-z0-9_-]+):(.*)$/.exec(raw.trim()) ?? [];
      if (name === undefined || value.trim() === '') return [];
      const from = [{ file, line: index + 1, why: `the process ${name} is \`${value.trim()}\`` }];
      if (name === 'release') return [{ says: 'release', value: value.trim(), from }];
      return [{ says: 'process', name, value: value.trim(), from }];
    }),
};
