import { describe, expect, it } from 'vitest';
import { isLoaderVariable, isRefusedSecret, loaderVariables } from '../../../src/catalog/loader-variables.ts';
import { isRegistryToken, registryTokens } from '../../../src/catalog/registry-tokens.ts';
import { nameMatcher } from '../../../src/catalog/variable-names.ts';

describe('patterns of names', () => {
  it('match whole names, with one star for one character or more', () => {
    const matches = nameMatcher(['A_TOKEN', 'UV_INDEX_*_PASSWORD', 'DYLD_*']);
    for (const name of ['A_TOKEN', 'a_token', 'UV_INDEX_X_PASSWORD', 'UV_INDEX_A_B_PASSWORD', 'DYLD_INSERT_LIBRARIES'])
      expect(matches(name), name).toBe(true);
    for (const name of ['A_TOKENS', 'MY_A_TOKEN', 'UV_INDEX_PASSWORD', 'UV_INDEX__PASSWORD', 'DYLD_', 'DYLD', ''])
      expect(matches(name), name).toBe(false);
  });

  it('match a long name at once', () => {
    const started = performance.now();
    expect(isRegistryToken(`UV_INDEX_${'A_'.repeat(500_000)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('with two stars are a mistake in the table', () => {
    expect(() => nameMatcher(['A_*_B_*'])).toThrow('one "*"');
  });
});

describe('the tables', () => {
  it('say for each row who reads the variables and where that was looked up', () => {
    for (const row of [...registryTokens, ...loaderVariables]) {
      expect(row.names.length, row.who).toBeGreaterThan(0);
      expect(row.source, row.who).toMatch(/^https:\/\//);
    }
  });

  it.each([
    'NPM_TOKEN',
    'NODE_AUTH_TOKEN',
    'NPM_AUTH_TOKEN',
    'YARN_NPM_AUTH_TOKEN',
    'BUN_AUTH_TOKEN',
    'FONTAWESOME_PACKAGE_TOKEN',
    'TIPTAP_PRO_TOKEN',
    'ARTIFACTORY_AUTH_TOKEN',
    'NEXUS_PASSWORD',
    'CLOUDSMITH_API_KEY',
    'CODEARTIFACT_AUTH_TOKEN',
    'ACME_NPM_TOKEN',
    'UV_INDEX_INTERNAL_PROXY_USERNAME',
    'UV_INDEX_X_PASSWORD',
    'POETRY_HTTP_BASIC_FOO_PASSWORD',
    'POETRY_PYPI_TOKEN_FOO',
    'PIP_EXTRA_INDEX_URL',
    'npm_config__authToken',
  ])('%s is a token of a registry, and no loader', (name) => {
    expect([isRegistryToken(name), isLoaderVariable(name), isRefusedSecret(name)]).toEqual([true, false, false]);
  });

  it.each([
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'GITLAB_TOKEN',
    'CI_JOB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_ACCESS_KEY_ID',
    'DATABASE_URL',
    'SENTRY_AUTH_TOKEN',
    'SSH_AUTH_SOCK',
    'DOCKER_AUTH_CONFIG',
    'TOKEN',
    'STAMP_KEY',
  ])('%s opens more than a registry, or something else, and may be a build secret with a consent', (name) => {
    expect([isRegistryToken(name), isRefusedSecret(name)]).toEqual([false, false]);
  });

  it.each([
    'NODE_OPTIONS',
    'NODE_PATH',
    'NODE_REPL_EXTERNAL_MODULE',
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'LD_AUDIT',
    'DYLD_INSERT_LIBRARIES',
    'BASH_ENV',
    'PROMPT_COMMAND',
    'PYTHONSTARTUP',
    'PYTHONPATH',
    'PYTHONHOME',
    'PERL5OPT',
    'PERL5LIB',
    'RUBYOPT',
    'JAVA_TOOL_OPTIONS',
    '_JAVA_OPTIONS',
    'JDK_JAVA_OPTIONS',
    'CLASSPATH',
    'BUN_OPTIONS',
    'DENO_V8_FLAGS',
    'GIT_SSH_COMMAND',
    'GIT_EXTERNAL_DIFF',
    'GIT_CONFIG_COUNT',
    'GIT_CONFIG_KEY_0',
    'npm_config_node_options',
    'NPM_CONFIG_SCRIPT_SHELL',
    'IFS',
  ])('%s loads code, and is no build secret', (name) => {
    expect([isLoaderVariable(name), isRefusedSecret(name), isRegistryToken(name)]).toEqual([true, true, false]);
  });

  it.each(['PATH', 'HOME', 'SHELL', 'ENV', 'XDG_CONFIG_HOME', 'npm_config_registry'])(
    '%s is of the machine, and no build secret',
    (name) => {
      expect([isLoaderVariable(name), isRefusedSecret(name)]).toEqual([false, true]);
    },
  );

  it.each([
    'LD_SDK_KEY',
    'GIT_COMMIT',
    'GIT_SHA',
    'NODE_ENV',
    'NODE_EXTRA_CA_CERTS',
    'DENO_DEPLOYMENT_ID',
    'PYTHONUNBUFFERED',
    'BUN_PORT',
    'JAVA_HOME',
  ])('%s only looks like a loader: applications read it', (name) => {
    expect([isLoaderVariable(name), isRefusedSecret(name)]).toEqual([false, false]);
  });
});
