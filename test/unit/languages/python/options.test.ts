import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;
const app = 'import os\nfrom fastapi import FastAPI\napp = FastAPI()\n';

/** The variables that these files demand. */
async function demanded(files: Files): Promise<readonly string[]> {
  const { variables } = await factsOf({ 'requirements.txt': 'fastapi\nuvicorn\n', ...files });
  return variables.filter(({ required }) => required).map(({ name }) => name);
}
const inMain = (text: string) => demanded({ 'main.py': `${app}${text}` });
const body = '    place = os.environ["PLACE"]\n';

describe('what only runs where somebody switches it on', () => {
  it.each([
    ['a variable that is not set', `if os.environ.get("USE_X"):\n${body}`],
    ['a variable that is compared', `if os.getenv("USE_X", "false").lower() == "true":\n${body}`],
    ['one of several words', `if os.getenv("USE_X", "no") in ("1", "yes"):\n${body}`],
    ['a name with that value', `USE_X = os.environ.get("USE_X") == "1"\nif USE_X:\n${body}`],
    ['a constant', `HAS = False\ndef f():\n  if HAS:\n    return os.environ["PLACE"]\n`],
    ['a kind', `def make(kind):\n  if kind == "s3":\n    return os.environ["PLACE"]\n`],
    ['a switch whose value is not known', `def make(use_x):\n  if use_x:\n    return os.environ["PLACE"]\n`],
    ['a choice', 'a = os.environ["PLACE"] if os.environ.get("X") else None\n'],
    ['two of which one is off', `if os.environ.get("X") and app:\n${body}`],
    ['developing', `DEBUG = os.environ.get("DEBUG", "1")\nif DEBUG:\n${body}`],
    [
      'a setting',
      `from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n  use_x: bool = False\ns = S()\nif s.use_x:\n${body}`,
    ],
  ])('demands nothing: %s', async (_, text) => expect(await inMain(text)).toEqual([]));

  it.each([
    ['what is on unless somebody says no', `if os.environ.get("USE_X", "1"):\n${body}`],
    ['a constant that is on', `HAS = True\nif HAS:\n${body}`],
    ['the kind that is the default', `if os.environ.get("KIND", "s3") == "s3":\n${body}`],
    ['production', `if os.environ.get("ENV") == "production":\n${body}`],
    ['what is not for developing', `DEBUG = False\nif DEBUG:\n    pass\nelse:\n${body}`],
    ['the main guard', `if __name__ == "__main__":\n${body}`],
    ['the other side of a switch', `if os.environ.get("X"):\n    pass\nelse:\n${body}`],
    ['a test that says nothing of it', `def f(request):\n  if request.user:\n    return os.environ["PLACE"]\n`],
    ['another place that reads it', `a = os.environ["PLACE"]\nif os.environ.get("X"):\n${body}`],
  ])('is demanded as before: %s', async (_, text) => expect(await inMain(text)).toEqual(['PLACE']));
});

describe('what only scripts read', () => {
  const script = 'import os\nplace = os.environ["PLACE"]\n';
  const guard = 'if __name__ == "__main__":\n  print(1)\n';
  it.each([
    ['one in the root', { 'main.py': app, 'seed.py': script }],
    ['one with a guard', { 'main.py': app, 'jobs/fill.py': `${script}${guard}` }],
    [
      'a command of Django',
      { 'main.py': app, 'shop/management/commands/fill.py': script, 'shop/management/__init__.py': '' },
    ],
  ])('is not demanded: %s', async (_, files: Files) => expect(await demanded(files)).toEqual([]));

  it.each([
    ['a module that another imports', { 'main.py': `${app}import seed\n`, 'seed.py': script }],
    ['one from a package', { 'main.py': `${app}from jobs import fill\n`, 'jobs/fill.py': `${script}${guard}` }],
    ['one by dots', { 'shop/main.py': `from . import fill\n${app}`, 'shop/fill.py': `${script}${guard}` }],
    ['one that a text names', { 'main.py': `${app}load = "jobs.fill:run"\n`, 'jobs/fill.py': `${script}${guard}` }],
    ['settings that are found by their name', { 'main.py': app, 'settings.py': script }],
    ['the program itself', { 'main.py': `${script}${guard}` }],
  ])('is demanded as before: %s', async (_, files: Files) => expect(await demanded(files)).toEqual(['PLACE']));
});
