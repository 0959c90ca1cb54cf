/** The lockfiles of each package manager of JavaScript, the usual one first. */
export const lockfilesOf: Readonly<Record<string, readonly string[]>> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json'],
  yarn: ['yarn.lock'],
  pnpm: ['pnpm-lock.yaml'],
  bun: ['bun.lock', 'bun.lockb'],
};

/** Those of every manager. */
export const lockfiles: readonly string[] = Object.values(lockfilesOf).flat();
