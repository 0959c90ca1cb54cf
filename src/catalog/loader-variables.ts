import { isRegistryToken } from './registry-tokens.ts';
import { type NamePattern, nameMatcher } from './variable-names.ts';

/**
 * Variables that decide which code a program loads or starts, as of a date. Whoever sets one of them runs code in every program that reads
 * it, so no value of a shell reaches a build, a container or a generated file under such a name.
 */

/** The day this was last looked up (ISO). */
export const asOf = '2026-11-20';

export type LoaderVariables = {
  /** the program that reads them */
  readonly who: string;
  readonly names: readonly NamePattern[];
  /** where it was looked up */
  readonly source: string;
};

export const loaderVariables: readonly LoaderVariables[] = [
  {
    who: 'Node.js',
    names: ['NODE_OPTIONS', 'NODE_PATH', 'NODE_REPL_EXTERNAL_MODULE', 'NODE_COMPILE_CACHE'],
    source: 'https://nodejs.org/api/cli.html#environment-variables',
  },
  {
    who: 'Bun',
    names: [
      'BUN_OPTIONS',
      'BUN_INSPECT',
      'BUN_INSPECT_PRELOAD',
      'BUN_INSPECT_CONNECT_TO',
      'BUN_RUNTIME_TRANSPILER_CACHE_PATH',
    ],
    source: 'https://bun.com/docs/runtime/environment-variables',
  },
  {
    who: 'Deno',
    names: ['DENO_V8_FLAGS', 'DENO_DIR', 'DENO_CERT', 'DENO_TLS_CA_STORE', 'DENO_AUTH_TOKENS', 'DENO_INSTALL_ROOT'],
    source: 'https://docs.deno.com/runtime/reference/env_variables/',
  },
  {
    who: 'npm and pnpm, through settings that name programs and modules',
    names: [
      'NPM_CONFIG_NODE_OPTIONS',
      'NPM_CONFIG_SCRIPT_SHELL',
      'NPM_CONFIG_SHELL',
      'NPM_CONFIG_GIT',
      'NPM_CONFIG_NODE_GYP',
      'NPM_CONFIG_ONLOAD_SCRIPT',
      'NPM_CONFIG_INIT_MODULE',
      'NPM_CONFIG_PREFIX',
      'NPM_CONFIG_PNPMFILE',
      'NPM_CONFIG_GLOBAL_PNPMFILE',
      'NPM_EXECPATH',
      'NPM_NODE_EXECPATH',
      'PNPM_HOME',
    ],
    source: 'https://github.com/npm/cli/blob/latest/docs/lib/content/using-npm/config.md',
  },
  {
    who: 'Yarn',
    names: ['YARN_YARN_PATH', 'YARN_PLUGINS', 'YARN_RC_FILENAME', 'YARN_IGNORE_PATH'],
    source: 'https://yarnpkg.com/configuration/yarnrc',
  },
  {
    who: 'the Linux dynamic loader',
    names: ['LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT', 'LD_DEBUG', 'LD_DEBUG_OUTPUT', 'LD_PROFILE', 'LD_ORIGIN_PATH'],
    source: 'https://man7.org/linux/man-pages/man8/ld.so.8.html',
  },
  {
    who: 'the C library',
    names: ['GCONV_PATH', 'GLIBC_TUNABLES', 'LOCPATH', 'NLSPATH', 'GETCONF_DIR', 'RESOLV_HOST_CONF'],
    source: 'https://man7.org/linux/man-pages/man8/ld.so.8.html',
  },
  {
    who: 'the macOS dynamic loader',
    names: ['DYLD_*'],
    source: 'https://keith.github.io/xcode-man-pages/dyld.1.html',
  },
  {
    who: 'OpenSSL',
    names: ['OPENSSL_CONF', 'OPENSSL_MODULES', 'OPENSSL_ENGINES'],
    source: 'https://docs.openssl.org/master/man7/openssl-env/',
  },
  {
    who: 'shells',
    names: [
      'BASH_ENV',
      'BASH_FUNC_*',
      'BASH_LOADABLES_PATH',
      'BASHOPTS',
      'SHELLOPTS',
      'PROMPT_COMMAND',
      'PS4',
      'IFS',
      'CDPATH',
      'FPATH',
      'ZDOTDIR',
    ],
    source: 'https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html',
  },
  {
    who: 'Python',
    names: [
      'PYTHONSTARTUP',
      'PYTHONPATH',
      'PYTHONHOME',
      'PYTHONUSERBASE',
      'PYTHONEXECUTABLE',
      'PYTHONPLATLIBDIR',
      'PYTHONPYCACHEPREFIX',
      'PYTHONBREAKPOINT',
      'PYTHONWARNINGS',
      'PYTHONINSPECT',
    ],
    source: 'https://docs.python.org/3/using/cmdline.html#environment-variables',
  },
  {
    who: 'Perl',
    names: ['PERL5OPT', 'PERL5LIB', 'PERLLIB', 'PERL5DB', 'PERL5SHELL'],
    source: 'https://perldoc.perl.org/perlrun#ENVIRONMENT',
  },
  {
    who: 'Ruby',
    names: ['RUBYOPT', 'RUBYLIB', 'RUBYSHELL', 'GEM_HOME', 'GEM_PATH', 'BUNDLE_GEMFILE'],
    source: 'https://docs.ruby-lang.org/en/master/language/options_md.html',
  },
  {
    who: 'Java',
    names: ['JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'JDK_JAVA_OPTIONS', 'CLASSPATH', 'MAVEN_OPTS', 'GRADLE_OPTS'],
    source: 'https://docs.oracle.com/en/java/javase/25/docs/specs/man/java.html',
  },
  {
    who: '.NET',
    names: [
      'DOTNET_STARTUP_HOOKS',
      'DOTNET_ADDITIONAL_DEPS',
      'CORECLR_PROFILER',
      'CORECLR_PROFILER_*',
      'CORECLR_ENABLE_PROFILING',
    ],
    source: 'https://learn.microsoft.com/dotnet/core/tools/dotnet-environment-variables',
  },
  {
    who: 'PHP and Lua',
    names: ['PHPRC', 'PHP_INI_SCAN_DIR', 'LUA_INIT', 'LUA_INIT_*', 'LUA_PATH', 'LUA_CPATH'],
    source: 'https://www.php.net/manual/en/configuration.file.php',
  },
  {
    who: 'Go and C compilers',
    names: ['GOFLAGS', 'GOENV', 'GOAUTH', 'GOROOT', 'GOTOOLDIR', 'GOTOOLCHAIN', 'COMPILER_PATH', 'GCC_EXEC_PREFIX'],
    source: 'https://pkg.go.dev/cmd/go#hdr-Environment_variables',
  },
  {
    who: 'Git, which starts programs and reads settings through them',
    names: [
      'GIT_SSH',
      'GIT_SSH_COMMAND',
      'GIT_ASKPASS',
      'SSH_ASKPASS',
      'GIT_EDITOR',
      'GIT_SEQUENCE_EDITOR',
      'GIT_PAGER',
      'GIT_EXTERNAL_DIFF',
      'GIT_PROXY_COMMAND',
      'GIT_EXEC_PATH',
      'GIT_TEMPLATE_DIR',
      'GIT_CONFIG',
      'GIT_CONFIG_*',
      'GIT_DIR',
      'GIT_COMMON_DIR',
      'GIT_WORK_TREE',
      'GIT_INDEX_FILE',
      'GIT_OBJECT_DIRECTORY',
      'GIT_ALTERNATE_OBJECT_DIRECTORIES',
      'GIT_ALLOW_PROTOCOL',
    ],
    source: 'https://git-scm.com/docs/git#_environment_variables',
  },
];

/**
 * Variables of the machine and of its user: every process has them, and a value from elsewhere changes which programs and settings it finds.
 * A container has its own. `ENV` is the start file of interactive shells, and also what many applications call the environment that they
 * run in: an application may be given it, a build may not.
 */
const machineVariables: readonly NamePattern[] = [
  'PATH',
  'PATHEXT',
  'HOME',
  'USERPROFILE',
  'SHELL',
  'COMSPEC',
  'ENV',
  'USER',
  'LOGNAME',
  'PWD',
  'OLDPWD',
  'TERM',
  'TMPDIR',
  'TMP',
  'TEMP',
  'XDG_*',
  // every setting of these managers is a variable too
  'NPM_CONFIG_*',
  'PNPM_CONFIG_*',
];

const isListed = nameMatcher(loaderVariables.flatMap((row) => row.names));
const isOfMachine = nameMatcher(machineVariables);

/** Whether a variable of this name decides which code a program loads or starts. */
export const isLoaderVariable = (name: string): boolean => isListed(name) && !isRegistryToken(name);

/** Whether a variable of this name may be no build secret: it loads code, or belongs to the machine. */
export const isRefusedSecret = (name: string): boolean =>
  !isRegistryToken(name) && (isListed(name) || isOfMachine(name));

/**
 * Variables that decide which code a program of this machine loads or starts, or what a whole run means: those of the shell and of the tools
 * of proof, too. No program that we start gets one from anywhere.
 */
export const hostLoaders =
  /^(NODE_OPTIONS|NODE_PATH|BUN_OPTIONS|LD_.*|DYLD_.*|GLIBC_TUNABLES|GCONV_PATH|BASH_ENV|BASH_FUNC_.*|ENV|SHELLOPTS|ZDOTDIR|PYTHON.*|PERL5.*|RUBY(OPT|LIB)|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|TLA-Library|DOTNET_STARTUP_HOOKS|DOTNET_ADDITIONAL_DEPS|CORECLR_.*|COR_.*|MONO_.*)$/i;
