// The last words of `npm test`: what it did not prove.
console.log('The engine tests were not part of this run. With a Docker Engine: npm run test:e2e');
