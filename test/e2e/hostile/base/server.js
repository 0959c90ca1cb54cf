import { createServer } from 'node:http';

const server = createServer((request, response) => {
  console.log(request.method, request.url);
  response.end('ok\n');
});
server.listen(Number(process.env.PORT ?? 3000));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
