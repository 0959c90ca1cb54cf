import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const parts =
  '{ host: process.env.DB_HOST, username: process.env.DB_USER, password: process.env.DB_PASS, database: process.env.DB_NAME }';
const read = async (text: string, dependencies: readonly string[]) => {
  const { services, variables } = await factsOf({
    'package.json': JSON.stringify({
      name: 'shop',
      type: 'module',
      scripts: { start: 'node main.js' },
      dependencies: Object.fromEntries(dependencies.map((name) => [name, '1'])),
    }),
    'main.js': text,
  });
  return {
    services: services.map(({ service }) => service).sort(),
    host: variables.find(({ name }) => name === 'DB_HOST')?.service,
    user: variables.find(({ name }) => name === 'DB_USER')?.service,
  };
};

describe('a mapper that a framework brings in', () => {
  it.each([
    [
      'TypeORM of Nest',
      `import { TypeOrmModule } from '@nestjs/typeorm';\nexport const it = TypeOrmModule.forRoot(${parts});\n`,
      ['@nestjs/typeorm', 'typeorm', 'pg'],
      'postgres',
    ],
    [
      'Sequelize of Nest',
      `import { SequelizeModule } from '@nestjs/sequelize';\nexport const it = SequelizeModule.forRoot(${parts});\n`,
      ['@nestjs/sequelize', 'sequelize', 'mysql2'],
      'mariadb',
    ],
    [
      'Sequelize with types',
      `import { Sequelize } from 'sequelize-typescript';\nexport const it = new Sequelize(${parts});\n`,
      ['sequelize-typescript', 'sequelize', 'pg'],
      'postgres',
    ],
  ])('has the database of its driver: %s', async (_name, text, dependencies, service) => {
    expect(await read(text, dependencies)).toEqual({ services: [service], host: service, user: service });
  });

  it('has it beside a database of another kind, whose names mean the same', async () => {
    const text = `import { TypeOrmModule } from '@nestjs/typeorm';\nimport mongoose from 'mongoose';\nawait mongoose.connect(process.env.MONGODB_URI);\nexport const it = TypeOrmModule.forRoot(${parts});\n`;
    expect(await read(text, ['@nestjs/typeorm', 'mongoose', 'pg'])).toEqual({
      services: ['mongodb', 'postgres'],
      host: 'postgres',
      user: 'postgres',
    });
  });

  it('adds none where no driver of another database is there', async () => {
    const text = `import { TypeOrmModule } from '@nestjs/typeorm';\nimport mongoose from 'mongoose';\nawait mongoose.connect(process.env.MONGODB_URI);\nexport const it = TypeOrmModule;\n`;
    expect((await read(text, ['@nestjs/typeorm', 'mongoose'])).services).toEqual(['mongodb']);
  });
});

describe('a user of a database that only its name says', () => {
  const connecting = (secret: string) =>
    `import mongoose from 'mongoose';\nconst { DB_HOST, DB_USER } = process.env;\nawait mongoose.connect('mongodb://' + DB_USER + ':' + process.env.${secret} + '@' + DB_HOST + '/shop');\n`;

  it.each(['DB_USER_PWD', 'ACCOUNT_KEY', 'SHOP_SECRET'])(
    'stays its owner’s where no password is known beside it: %s',
    async (secret) => {
      expect(await read(connecting(secret), ['mongoose'])).toMatchObject({ host: 'mongodb', user: undefined });
    },
  );

  it('is the one that the service is made with where its password is', async () => {
    expect(await read(connecting('DB_PASSWORD'), ['mongoose'])).toMatchObject({ host: 'mongodb', user: 'mongodb' });
  });
});
