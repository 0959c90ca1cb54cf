import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../support/facts.ts';
import { generatedFor } from '../../../support/texts.ts';

type Files = Readonly<Record<string, string>>;
const flask = 'from flask import Flask\napp = Flask(__name__)\n';
const fast = 'from fastapi import FastAPI\napp = FastAPI()\n';
const guarded = 'def main():\n  print(1)\nif __name__ == "__main__":\n  main()\n';
const installed = { 'requirements.txt': 'flask\ngunicorn\nfastapi\nuvicorn\ncelery\nrq\n' };
const read = (Procfile: string, files: Files) => factsOf({ ...installed, Procfile, ...files });

describe('the web process of a Procfile', () => {
  const shm = ['--worker-tmp-dir', '/dev/shm'];
  it.each([
    [
      'its flags, and not where it listens',
      'web: gunicorn --bind 0.0.0.0:$PORT --workers 3 -c conf.py main:app\n',
      { 'main.py': flask },
      ['gunicorn', '--workers', '3', '-c', 'conf.py', ...shm, 'main:app'],
    ],
    [
      'a flag that variables of the server say',
      'web: uv run gunicorn main:app --workers $WEB_CONCURRENCY --timeout=60\n',
      { 'main.py': flask },
      ['gunicorn', '--timeout=60', ...shm, 'main:app'],
    ],
    [
      'workers of another kind',
      'web: gunicorn -k uvicorn.workers.UvicornWorker main:app\n',
      { 'main.py': fast },
      ['gunicorn', '-k', 'uvicorn.workers.UvicornWorker', ...shm, 'main:app'],
    ],
    [
      'which object is meant',
      'web: uvicorn two:app --host 0.0.0.0 --port ${PORT:-8000}\n',
      { 'one.py': fast, 'two.py': fast },
      ['uvicorn', 'two:app'],
    ],
  ])('says %s', async (_, procfile, files: Files, argv) =>
    expect(said((await read(procfile, files)).commands.start)).toEqual({ argv }),
  );

  it.each([
    ['more than one command', 'web: python fill.py && gunicorn main:app --workers 3\n'],
    ['another folder', 'web: gunicorn --chdir src main:app --workers 3\n'],
    ['an object that is not there', 'web: gunicorn other:app --workers 3\n'],
    ['a server that is not installed', 'web: waitress-serve main:app\n'],
  ])('leaves what is computed: %s', async (_, procfile) =>
    expect(said((await read(procfile, { 'main.py': flask })).commands.start)).toEqual({
      argv: ['gunicorn', ...shm, '--threads', '4', 'main:app'],
    }),
  );
});

describe('further processes of a Procfile', () => {
  const names = async (procfile: string, files: Files = {}) =>
    (await read(procfile, { 'main.py': fast, 'jobs.py': guarded, ...files })).processes?.map(
      ({ name, command, single }) => `${name}${single ? '!' : ''}: ${command.argv.join(' ')}`,
    );
  it.each([
    ['worker: python jobs.py\n', ['worker: python jobs.py']],
    ['clock: poetry run python3 -m jobs --often\n', ['clock!: python -m jobs --often']],
    ['Queue_High: rq worker high\n', ['queue-high: rq worker high']],
  ])('are started: %s', async (procfile, all) => expect(await names(procfile)).toEqual(all));

  it('stand for the worker that is computed', async () => {
    const files = { 'tasks.py': 'from celery import Celery\nqueue = Celery("x")\n' };
    expect(await names('work: celery -A tasks worker -c 2\n', files)).toEqual(['work: celery -A tasks worker -c 2']);
  });

  it.each([
    ['worker: ./work.sh\n', 'work.sh'],
    ['worker: python missing.py\n', 'missing.py'],
    ['worker: python jobs.py $QUEUE\n', '$QUEUE'],
  ])('are left out with the reason: %s', async (procfile, words) => {
    const { processes, leftOut } = await read(procfile, { 'main.py': fast, 'jobs.py': guarded });
    expect(processes).toBeUndefined();
    expect(leftOut?.[0]?.why).toContain(words);
  });

  it('are the program itself where nothing answers requests', async () => {
    const { commands, processes } = await read('worker: python jobs.py\n', { 'jobs.py': guarded, 'main.py': guarded });
    expect(said(commands.start)).toEqual({ argv: ['python', 'jobs.py'] });
    expect(processes).toBeUndefined();
  });
});

describe('the release of a Procfile', () => {
  const migration = async (procfile: string) =>
    said((await read(procfile, { 'main.py': fast, 'jobs.py': guarded, 'manage.py': guarded })).migration);
  it.each([
    ['release: python manage.py migrate --noinput\n', ['python', 'manage.py', 'migrate', '--noinput']],
    ['release: python manage.py collectstatic --noinput && python jobs.py\n', ['python', 'jobs.py']],
    ['release: uv run python jobs.py\n', ['python', 'jobs.py']],
  ])('runs before the application: %s', async (procfile, argv) => expect(await migration(procfile)).toEqual({ argv }));

  it.each([
    'release: ./release.sh\n',
    'release: python jobs.py && python manage.py migrate\n',
    'web: uvicorn main:app\n',
  ])('is none where it is not one command that is known: %s', async (procfile) =>
    expect(await migration(procfile)).toBeUndefined(),
  );

  it('is said where it is left out', async () => {
    const { leftOut } = await read('release: ./release.sh\n', { 'main.py': fast });
    expect(leftOut?.[0]).toMatchObject({ what: 'release ./release.sh', why: expect.stringContaining('"migrate"') });
    expect((await read('release: python manage.py collectstatic\n', { 'main.py': fast })).leftOut).toBeUndefined();
  });

  it('and the processes become containers', async () => {
    const procfile = 'web: uvicorn main:app\nworker: python jobs.py\nrelease: python manage.py migrate\n';
    const files = { ...installed, Procfile: procfile, 'main.py': fast, 'jobs.py': guarded, 'manage.py': guarded };
    const text = await generatedFor(files);
    expect(text('docker-compose.yml')).toContain('["python", "jobs.py"]');
    expect(text('docker-compose.yml')).toContain('target: migrate');
    expect(text('Dockerfile')).toContain('CMD ["python", "manage.py", "migrate"]');
  });
});
