// The last words of `npm test`: what it did not prove.
console.log(
  'Not part of this run: whole projects (npm run test:integration), and with a Docker Engine the engine tests (npm run test:e2e).',
);
