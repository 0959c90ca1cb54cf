/** What packages of Python need of the distribution, and which lines of Python their versions have wheels for. Data only; names of packages are those of Debian 12 and 13. */

/** What a package needs. */
export type PythonNeeds = {
  /** to be installed: it is compiled, as there is no wheel of it */
  readonly build?: readonly string[];
  /** to run: libraries and programs that its wheel does not bring */
  readonly run?: readonly string[];
  /** a package, or an extra of it, that brings them: then nothing is needed */
  readonly unless?: readonly string[];
};

const compiler = ['gcc', 'libc6-dev'];

/** By the name of the package, or of an extra of it (https://www.psycopg.org/docs/install.html, https://github.com/PyMySQL/mysqlclient, https://doc.courtbouillon.org/weasyprint/stable/first_steps.html). */
export const pythonNeeds: Readonly<Record<string, PythonNeeds>> = {
  psycopg2: { build: [...compiler, 'libpq-dev'], run: ['libpq5'] },
  psycopg: { run: ['libpq5'], unless: ['psycopg[binary]', 'psycopg-binary', 'psycopg[c]'] },
  'psycopg[c]': { build: [...compiler, 'libpq-dev'], run: ['libpq5'] },
  mysqlclient: { build: [...compiler, 'pkg-config', 'default-libmysqlclient-dev'], run: ['libmariadb3'] },
  mariadb: { build: [...compiler, 'libmariadb-dev'], run: ['libmariadb3'] },
  pyodbc: { run: ['unixodbc'] },
  'python-ldap': { build: [...compiler, 'libldap2-dev', 'libsasl2-dev'], run: ['libldap-common', 'libsasl2-2'] },
  'django-auth-ldap': { build: [...compiler, 'libldap2-dev', 'libsasl2-dev'], run: ['libldap-common', 'libsasl2-2'] },
  uwsgi: { build: compiler },
  pycairo: { build: [...compiler, 'pkg-config', 'libcairo2-dev'], run: ['libcairo2'] },
  cairosvg: { run: ['libcairo2'] },
  cairocffi: { run: ['libcairo2'] },
  weasyprint: {
    run: ['libpango-1.0-0', 'libpangoft2-1.0-0', 'libharfbuzz-subset0', 'fonts-dejavu-core'],
  },
  'django-weasyprint': {
    run: ['libpango-1.0-0', 'libpangoft2-1.0-0', 'libharfbuzz-subset0', 'fonts-dejavu-core'],
  },
  xmlsec: {
    build: [...compiler, 'pkg-config', 'libxml2-dev', 'libxmlsec1-dev', 'libxmlsec1-openssl'],
    run: ['libxmlsec1-openssl'],
  },
  'opencv-python': { run: ['libgl1', 'libglib2.0-0'] },
  'opencv-contrib-python': { run: ['libgl1', 'libglib2.0-0'] },
  'python-magic': { run: ['libmagic1'] },
  pyzbar: { run: ['libzbar0'] },
  pdf2image: { run: ['poppler-utils'] },
  pytesseract: { run: ['tesseract-ocr'] },
  ocrmypdf: { run: ['ocrmypdf'] },
  pydub: { run: ['ffmpeg'] },
  'ffmpeg-python': { run: ['ffmpeg'] },
  moviepy: { run: ['ffmpeg'] },
  'openai-whisper': { run: ['ffmpeg'] },
  pyaudio: { build: [...compiler, 'portaudio19-dev'], run: ['libportaudio2'] },
  sounddevice: { run: ['libportaudio2'] },
  graphviz: { run: ['graphviz'] },
  pygraphviz: { build: [...compiler, 'pkg-config', 'libgraphviz-dev'], run: ['graphviz'] },
  pypandoc: { run: ['pandoc'] },
  pdfkit: { run: ['wkhtmltopdf'] },
  gitpython: { run: ['git'] },
};

const openMp = ['OMP_NUM_THREADS'];

/**
 * Variables by which packages are told how many threads to start. What links OpenBLAS, MKL or OpenMP reads the one of the latter
 * (https://www.openblas.net/docs/runtime_variables, https://docs.pytorch.org/docs/stable/threading_environment_variables.html).
 */
export const threadVariables: Readonly<Record<string, readonly string[]>> = {
  numpy: openMp,
  scipy: openMp,
  pandas: openMp,
  'scikit-learn': openMp,
  torch: openMp,
  transformers: [...openMp, 'RAYON_NUM_THREADS'],
  tokenizers: ['RAYON_NUM_THREADS'],
  'sentence-transformers': openMp,
  'faiss-cpu': openMp,
  xgboost: openMp,
  lightgbm: openMp,
  numexpr: openMp,
  spacy: openMp,
  statsmodels: openMp,
  'faster-whisper': openMp,
  'openai-whisper': openMp,
  // https://numba.readthedocs.io/en/stable/reference/envvars.html
  numba: ['NUMBA_NUM_THREADS'],
  // https://docs.pola.rs/py-polars/html/reference/api/polars.thread_pool_size.html
  polars: ['POLARS_MAX_THREADS'],
};

/**
 * Clients that are not made without a key: the argument that holds it, and the variable that they read where nobody gives one
 * (openai-python, src/openai/_client.py; groq-python, src/groq/_client.py; twilio-python, twilio/base/client_base.py).
 */
export const keyedClients: Readonly<
  Record<string, readonly { readonly argument: string; readonly variable: string }[]>
> = {
  'openai.OpenAI': [{ argument: 'api_key', variable: 'OPENAI_API_KEY' }],
  'openai.AsyncOpenAI': [{ argument: 'api_key', variable: 'OPENAI_API_KEY' }],
  'groq.Groq': [{ argument: 'api_key', variable: 'GROQ_API_KEY' }],
  'groq.AsyncGroq': [{ argument: 'api_key', variable: 'GROQ_API_KEY' }],
  'twilio.rest.Client': [
    { argument: 'username', variable: 'TWILIO_ACCOUNT_SID' },
    { argument: 'password', variable: 'TWILIO_AUTH_TOKEN' },
  ],
  'langchain_openai.ChatOpenAI': [{ argument: 'api_key', variable: 'OPENAI_API_KEY' }],
  'langchain_openai.OpenAIEmbeddings': [{ argument: 'api_key', variable: 'OPENAI_API_KEY' }],
};

/**
 * Bots, which do not start without a token, wherever the program makes them: by what is called, or with a dot in front by a method in modules that import `of`
 * (aiogram, aiogram/utils/token.py; python-telegram-bot, src/telegram/ext/_applicationbuilder.py; pyTelegramBotAPI, telebot/__init__.py; discord.py, discord/client.py).
 */
export const bots: readonly { readonly of: string; readonly call: string; readonly argument: string }[] = [
  { of: 'aiogram', call: 'aiogram.Bot', argument: 'token' },
  { of: 'telebot', call: 'telebot.TeleBot', argument: 'token' },
  { of: 'telebot', call: 'telebot.async_telebot.AsyncTeleBot', argument: 'token' },
  { of: 'telegram', call: 'telegram.Bot', argument: 'token' },
  { of: 'telegram', call: '.token', argument: 'token' },
  { of: 'discord', call: '.run', argument: 'token' },
  { of: 'disnake', call: '.run', argument: 'token' },
  { of: 'nextcord', call: '.run', argument: 'token' },
];

/** What installing from a repository needs. */
export const gitNeeds: readonly string[] = ['ca-certificates', 'git'];

/**
 * The newest line of Python that a version of a package has wheels for, or says that it supports: each row is `[first version, newest line]`, the newest
 * version first. What stands above the last row needs no older line. A pin below the first row of an older line cannot be installed on a newer one without
 * compilers, or fails when it is imported.
 */
export const newestLines: Readonly<Record<string, readonly (readonly [from: string, line: string])[]>> = {
  django: [
    ['5.1', '3.13'],
    ['4.2', '3.12'],
    ['4.1', '3.11'],
    ['3.2', '3.10'],
  ],
  pillow: [
    ['11.0', '3.13'],
    ['10.1', '3.12'],
    ['9.3', '3.11'],
    ['8.4', '3.10'],
  ],
  numpy: [
    ['2.1', '3.13'],
    ['1.26', '3.12'],
    ['1.23.2', '3.11'],
    ['1.21.3', '3.10'],
  ],
  pandas: [
    ['2.2.3', '3.13'],
    ['2.1.1', '3.12'],
    ['1.5', '3.11'],
    ['1.3.3', '3.10'],
  ],
  pydantic: [
    ['2.8', '3.13'],
    ['2.5', '3.12'],
    ['2.0', '3.11'],
  ],
  'pydantic-core': [
    ['2.20', '3.13'],
    ['2.14', '3.12'],
    ['2.0', '3.11'],
  ],
  'psycopg2-binary': [
    ['2.9.10', '3.13'],
    ['2.9.8', '3.12'],
    ['2.9.5', '3.11'],
    ['2.9.2', '3.10'],
  ],
  asyncpg: [
    ['0.30', '3.13'],
    ['0.29', '3.12'],
    ['0.27', '3.11'],
    ['0.25', '3.10'],
  ],
  greenlet: [
    ['3.1', '3.13'],
    ['3.0', '3.12'],
    ['2.0', '3.11'],
    ['1.1.2', '3.10'],
  ],
  eventlet: [
    ['0.38', '3.13'],
    ['0.34', '3.12'],
    ['0.33', '3.11'],
  ],
  gevent: [
    ['24.10.1', '3.13'],
    ['23.9', '3.12'],
    ['22.10', '3.11'],
    ['21.8', '3.10'],
  ],
  aiohttp: [
    ['3.10.6', '3.13'],
    ['3.9', '3.12'],
    ['3.8.3', '3.11'],
    ['3.8', '3.10'],
  ],
  cffi: [
    ['1.17.1', '3.13'],
    ['1.16', '3.12'],
    ['1.15.1', '3.11'],
    ['1.15', '3.10'],
  ],
  lxml: [
    ['5.3', '3.13'],
    ['4.9.3', '3.12'],
    ['4.9.2', '3.11'],
    ['4.6.4', '3.10'],
  ],
  orjson: [
    ['3.10.7', '3.13'],
    ['3.9.6', '3.12'],
    ['3.8.1', '3.11'],
  ],
  pyyaml: [
    ['6.0.2', '3.13'],
    ['6.0.1', '3.12'],
    ['6.0', '3.11'],
  ],
  uvloop: [
    ['0.21', '3.13'],
    ['0.18', '3.12'],
    ['0.17', '3.11'],
    ['0.16', '3.10'],
  ],
  httptools: [
    ['0.6.2', '3.13'],
    ['0.6.1', '3.12'],
    ['0.5', '3.11'],
  ],
  'scikit-learn': [
    ['1.5.2', '3.13'],
    ['1.3.1', '3.12'],
    ['1.1.3', '3.11'],
  ],
  scipy: [
    ['1.14.1', '3.13'],
    ['1.11.2', '3.12'],
    ['1.9.2', '3.11'],
  ],
  matplotlib: [
    ['3.9.2', '3.13'],
    ['3.8', '3.12'],
    ['3.6', '3.11'],
  ],
  torch: [
    ['2.5', '3.13'],
    ['2.2', '3.12'],
    ['2.0', '3.11'],
  ],
  tensorflow: [
    ['2.20', '3.13'],
    ['2.16', '3.12'],
    ['2.12', '3.11'],
  ],
};
