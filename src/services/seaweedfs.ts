/**
 * S3 object storage with SeaweedFS (https://hub.docker.com/r/chrislusf/seaweedfs), if a variable sets its address. Clients without such a variable use
 * an account at Amazon or elsewhere, which stays outside the deployment. Browsers cannot reach this container: for presigned URLs, set the address of
 * your own store, or publish its port.
 */
import type { BackingService, Part, ServiceDetection } from './contract.ts';
import { given } from './support/account.ts';
import { check, listCheck } from './support/check.ts';

const ofSdk = [
  { name: 'AWS_ACCESS_KEY_ID', part: 'user' },
  { name: 'AWS_SECRET_ACCESS_KEY', part: 'password' },
] as const;

export const detection: ServiceDetection = {
  name: 'seaweedfs',
  title: 'SeaweedFS',
  host: 's3',
  clients: [
    '@aws-sdk/client-s3',
    '@aws-sdk/lib-storage',
    'aws-sdk',
    'minio',
    'Bun.s3',
    'Bun.S3Client',
    'aws4fetch',
    's3mini',
    '@bradenmacdonald/s3-lite-client',
    'multer-s3',
    'github.com/minio/minio-go',
    'github.com/aws/aws-sdk-go-v2/service/s3',
    'github.com/aws/aws-sdk-go/service/s3',
  ],
  schemes: [],
  variables: [
    ...['S3_ENDPOINT', 'S3_URL', 'S3_ENDPOINT_URL', 'AWS_S3_ENDPOINT', 'AWS_ENDPOINT', 'AWS_ENDPOINT_URL'].map(
      (match) => ({ match, part: 'url' as const }),
    ),
    { match: 'AWS_ENDPOINT_URL_S3', part: 'url' },
    { match: 'STORAGE_ENDPOINT', part: 'url' },
    { match: 'MINIO_URL', part: 'url' },
    { match: 'MINIO_ENDPOINT_URL', part: 'url' },
    { match: 'MINIO_ENDPOINT', part: 'host' },
    { match: 'MINIO_HOST', part: 'host' },
    { match: 'S3_HOST', part: 'host' },
    { match: 'MINIO_PORT', part: 'port' },
    { match: 'S3_PORT', part: 'port' },
    ...['S3_ACCESS_KEY_ID', 'S3_ACCESS_KEY', 'S3_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_ACCESS_KEY'].map((match) => ({
      match,
      part: 'user' as const,
    })),
    { match: 'MINIO_ACCESS_KEY', part: 'user' },
    { match: 'MINIO_ROOT_USER', part: 'user' },
    { match: 'STORAGE_ACCESS_KEY', part: 'user' },
    ...['S3_SECRET_ACCESS_KEY', 'S3_SECRET_KEY', 'S3_SECRET', 'AWS_SECRET_ACCESS_KEY', 'AWS_SECRET_KEY'].map(
      (match) => ({ match, part: 'password' as const }),
    ),
    { match: 'MINIO_SECRET_KEY', part: 'password' },
    { match: 'MINIO_ROOT_PASSWORD', part: 'password' },
    { match: 'STORAGE_SECRET_KEY', part: 'password' },
    ...['S3_BUCKET', 'S3_BUCKET_NAME', 'AWS_S3_BUCKET', 'AWS_BUCKET', 'AWS_BUCKET_NAME', 'MINIO_BUCKET'].map(
      (match) => ({ match, part: 'name' as const }),
    ),
    { match: 'BUCKET_NAME', part: 'name' },
    { match: 'STORAGE_BUCKET', part: 'name' },
    // any region is right for it, but its clients ask for one
    ...['S3_REGION', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'MINIO_REGION', 'STORAGE_REGION'].map((match) => ({
      match,
      part: 'other' as const,
      value: 'us-east-1',
    })),
    // its buckets are folders of its address, and it speaks no TLS on the network of the deployment
    { match: 'S3_FORCE_PATH_STYLE', part: 'other', value: 'true' },
    { match: 'AWS_S3_FORCE_PATH_STYLE', part: 'other', value: 'true' },
    { match: 'S3_USE_SSL', part: 'other', value: 'false' },
    { match: 'MINIO_USE_SSL', part: 'other', value: 'false' },
    { match: 'MINIO_SSL', part: 'other', value: 'false' },
  ],
  ownVariables: {
    '@aws-sdk/client-s3': ofSdk,
    '@aws-sdk/lib-storage': ofSdk,
    'aws-sdk': ofSdk,
    'Bun.s3': ofSdk,
    'Bun.S3Client': ofSdk,
  },
  images: ['chrislusf/seaweedfs'],
  foreignImages: [
    'minio/minio',
    'bitnami/minio',
    'bitnamilegacy/minio',
    'quay.io/minio/minio',
    'zenko/cloudserver',
    'dxflrs/garage',
  ],
  words: ['s3'],
  serves: [{ kind: 'object-storage' }],
  required: true,
  addressed: true,
  asks: true,
};

const port = 8333;
const user = 'app';
const password: Part = { variable: 'S3_PASSWORD', required: true, secret: true, generate: 'password' };

/** Names of buckets have at least three characters. */
const bucketOf = (app: string): string => `${app}-files`;

/** Where the images of others listen (their documentation, 2026), and MinIO's account: `minioadmin` where nobody sets one. */
const foreignPorts: Readonly<Record<string, number>> = { minio: 9000, cloudserver: 8000, garage: 3900 };
const foreignName = (image: string | undefined): string =>
  (image ?? '').split('/').at(-1)?.split(/[:@]/)[0]?.toLowerCase() ?? '';
const minioDefault = 'minioadmin';

export const service: BackingService = {
  roles: [],
  container: ({ app }) => ({
    image: 'chrislusf/seaweedfs:4.53',
    port,
    command: ['mini', '-dir=/data', '-webdav=false', '-admin.ui=false'],
    env: {
      AWS_ACCESS_KEY_ID: [user],
      AWS_SECRET_ACCESS_KEY: [password],
      S3_BUCKET: [bucketOf(app)],
    },
    check: { ...check('wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:8333/healthz'), startPeriod: 60 },
    volume: { path: '/data', purpose: 'the objects outlive their container' },
    developmentPort: 8339,
    why: 'SeaweedFS is maintained and speaks S3; on a private network, with no published port',
  }),
  account: (container) =>
    foreignName(container.image) === 'minio'
      ? {
          user: given(container, ['MINIO_ROOT_USER', 'MINIO_ACCESS_KEY'], minioDefault) ?? minioDefault,
          password: given(container, ['MINIO_ROOT_PASSWORD', 'MINIO_SECRET_KEY'], minioDefault) ?? minioDefault,
        }
      : {},
  connection: (part, { app, host, account, image }) => {
    const name = foreignName(image);
    const listens = (Object.hasOwn(foreignPorts, name) ? foreignPorts[name] : undefined) ?? port;
    const values = {
      url: [`http://${host}:${listens}`],
      host: [host],
      port: [String(listens)],
      user: account?.user ?? [user],
      password: account?.password ?? [password],
      // which buckets the store of somebody else has is not known
      name: listens === port ? [bucketOf(app)] : [],
    };
    return values[part];
  },
  checks: { javascript: (_client, connection) => listCheck(connection, { scheme: 'http', port }) },
};
