/**
 * What compiling native code of Node.js takes on Debian: node-gyp's own list (https://github.com/nodejs/node-gyp#on-unix). The headers are in the
 * images of Node.js, under /usr/local/include/node: nothing has to be fetched for them.
 */
export const toolchain = {
  packages: ['python3', 'make', 'g++'],
  env: { npm_config_nodedir: '/usr/local' },
} as const;

/** What fetching a package from a repository takes on Debian: slim images lack git, and the certificates that https is checked against. */
export const fetching = { packages: ['ca-certificates', 'git'], ssh: ['openssh-client'] } as const;
