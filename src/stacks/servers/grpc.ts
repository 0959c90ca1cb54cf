/** gRPC (https://grpc.github.io/grpc/python/grpc.html#grpc.Server.add_insecure_port): no HTTP as a browser speaks it, so that its port alone is asked. */
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

export const detection: Detection = {
  name: 'grpc',
  title: 'gRPC',
  role: 'server',
  language: 'python',
  uses: ['grpc', 'grpc.aio'],
};

export const framework: PythonFramework = {
  makes: {},
  listens: [
    { call: '.add_insecure_port', address: { name: 'address', at: 0 }, isHttp: false },
    { call: '.add_secure_port', address: { name: 'address', at: 0 }, isHttp: false },
  ],
};
