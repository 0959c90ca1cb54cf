/** The programs of packages of npm that are not called as their package is. Data only: the field `bin` of each package's manifest. */
export const packagePrograms: Readonly<Record<string, readonly string[]>> = {
  '@angular/cli': ['ng'],
  '@babel/cli': ['babel'],
  '@nestjs/cli': ['nest'],
  '@swc/cli': ['swc'],
  '@vercel/ncc': ['ncc'],
  'dotenv-cli': ['dotenv'],
  'fastify-cli': ['fastify'],
  'sequelize-cli': ['sequelize-cli', 'sequelize'],
  'ts-node': ['ts-node', 'ts-node-esm'],
  'ts-node-dev': ['ts-node-dev', 'tsnd'],
  typescript: ['tsc'],
  'webpack-cli': ['webpack-cli', 'webpack'],
};
