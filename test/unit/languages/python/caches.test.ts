import { describe, expect, it } from 'vitest';
import { generatedFor } from '../../../support/texts.ts';

const app = (requirements: string, more = '') => ({
  'requirements.txt': `fastapi\nuvicorn\n${requirements}`,
  'main.py': `from fastapi import FastAPI\n${more}\napp = FastAPI()\n`,
});

describe('what libraries download when they are first used', () => {
  it.each([
    ['transformers', 'HF_HOME', '/var/cache/huggingface', 'huggingface'],
    ['sentence-transformers', 'HF_HOME', '/var/cache/huggingface', 'huggingface'],
    ['nltk', 'NLTK_DATA', '/var/cache/nltk', 'nltk'],
    ['openai-whisper', 'XDG_CACHE_HOME', '/var/cache/whisper', 'whisper'],
  ])('%s is kept in a volume', async (name, variable, folder, volume) => {
    const texts = await generatedFor(app(`${name}\n`));
    expect(texts('Dockerfile')).toContain(`${variable}=${folder}`);
    expect(texts('docker-compose.yml')).toContain(`${volume}:${folder}`);
    expect(texts('docker-compose.yml')).toContain(`\n  ${volume}:\n`);
  });

  it.each([
    ['a package that downloads nothing', app('httpx\n')],
    ['a place that the source reads', app('nltk\n', "import os\nwhere = os.environ['NLTK_DATA']")],
    ['one for tests alone', { ...app(''), 'requirements-dev.txt': 'nltk\n' }],
  ])('nothing is kept of %s', async (_, files) => {
    const texts = await generatedFor(files);
    expect(texts('docker-compose.yml')).not.toContain('/var/cache/');
  });
});
