/** The Sequelize CLI (https://sequelize.org/docs/v6/other-topics/migrations): `sequelize-cli db:migrate`, with the settings in .sequelizerc. */
import type { Detection, Migrator } from '../contract.ts';

export const detection: Detection = {
  name: 'sequelize-migrate',
  title: 'Sequelize',
  role: 'migrator',
  dependencies: ['sequelize-cli'],
  programs: ['sequelize-cli', 'sequelize'],
};

export const migrator: Migrator = {
  development: (argv) => argv.some((word) => /^(db:(drop|seed|migrate:undo)|(migration|model|seed):)/.test(word)),
  migrates: (argv) => argv.includes('db:migrate'),
  // settings that are data name one database for everybody: only those that are a program can name the one of the deployment
  usual: (files) => {
    const has = files.some((file) => /(^|\/)migrations\/[^/]+\.[cm]?js$/.test(file));
    const isProgram = files.includes('.sequelizerc') && !files.includes('config/config.json');
    return has && (isProgram || files.includes('config/config.js')) ? ['sequelize-cli', 'db:migrate'] : undefined;
  },
  calls: [],
};
