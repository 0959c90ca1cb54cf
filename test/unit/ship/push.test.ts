import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openRegistry } from '../../../src/engine/registry/client.ts';
import { pushImage } from '../../../src/ship/push.ts';
import { type Conduct, fakeRegistry } from '../../support/registry.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const blobs = new Map<string, string>();
const blob = (text: string) => {
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  blobs.set(digest, text);
  return { digest, size: text.length };
};
const oci = (kind: string) => `application/vnd.oci.image.${kind}.v1+json`;
const manifest = (config: string) =>
  blob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: oci('manifest'),
      config: blob(config),
      layers: [blob(`layer of ${config}`)],
    }),
  );
const image = manifest('{"os":"linux"}');
const attestation = manifest('{"os":"unknown"}');
const index = blob(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: oci('index'),
    manifests: [
      { mediaType: oci('manifest'), ...image, platform: { os: 'linux', architecture: 'amd64' } },
      { mediaType: oci('manifest'), ...attestation, platform: { os: 'unknown', architecture: 'unknown' } },
    ],
  }),
);

// the engine saves an image with its attestation
vi.mock('../../../src/engine/buildx.ts', () => ({
  saveImage: async (_: string, file: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'dockwright-oci-'));
    mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
    for (const [digest, text] of blobs) writeFileSync(join(folder, 'blobs/sha256', digest.slice(7)), text);
    writeFileSync(join(folder, 'index.json'), JSON.stringify({ manifests: [{ mediaType: oci('index'), ...index }] }));
    execFileSync('tar', ['-C', folder, '-cf', file, 'index.json', 'blobs']);
    rmSync(folder, { recursive: true });
  },
}));

async function pushed(conduct: Conduct, fixed?: string, there: Readonly<Record<string, string>> = {}) {
  const fake = await fakeRegistry(conduct);
  ends.push(fake.close);
  for (const [tag, text] of Object.entries(there)) fake.manifests.set(tag, { text, type: oci('manifest') });
  const registry = openRegistry({ host: fake.host, path: 'acme/orders' }, { action: 'push' });
  return {
    fake,
    result: await pushImage({ image: 'orders:local', digest: index.digest, registry, tags: ['abc', '1.0.0'], fixed }),
  };
}

/** Refuses manifests whose text has something in it, as a registry does that does not know their kind. */
const refusing =
  (word: string, status: number): Conduct['before'] =>
  (request, response) => {
    const isIt = request.method === 'PUT' && request.headers['content-type'] === oci(word);
    if (isIt) response.writeHead(status).end('{"errors":[{"code":"MANIFEST_INVALID"}]}');
    return isIt;
  };

describe('a push', () => {
  it('sends the index with all that it names', async () => {
    const { fake, result } = await pushed({});
    expect(result).toMatchObject({ digest: index.digest, leftOut: [], tags: ['abc', '1.0.0'] });
    expect([...fake.manifests.keys()]).toContain(attestation.digest);
  });

  it.each([400, 415, 405])(
    'sends the plain image where the registry answers %i to an index, and says so in a line',
    async (status) => {
      const { fake, result } = await pushed({ before: refusing('index', status) });
      expect(result).toMatchObject({ digest: image.digest, tags: ['abc', '1.0.0'] });
      expect(result.leftOut).toEqual([expect.stringContaining('does not accept image indexes')]);
      expect(fake.manifests.get('abc')?.text).toBe(blobs.get(image.digest));
    },
  );

  it('sends nothing else where the image itself is refused', async () => {
    await expect(pushed({ before: refusing('manifest', 415) })).rejects.toMatchObject({ code: 'manifest-refused' });
  });

  it('leaves a version that stands there with another digest, and says so', async () => {
    const { fake, result } = await pushed({}, '1.0.0', { '1.0.0': '{"other":true}' });
    expect(result.tags).toEqual(['abc']);
    expect(result.leftOut).toEqual([expect.stringContaining('1.0.0 is left out')]);
    expect(fake.manifests.get('1.0.0')?.text).toBe('{"other":true}');
  });
});
