import { describe, expect, it } from 'vitest';
import { type Cosign, type Signer, signArguments, verifyArguments } from '../../../src/engine/cosign.ts';

const image = `ghcr.io/acme/orders@sha256:${'a'.repeat(64)}`;
const key = { private: '/p/cosign.key', public: '/p/cosign.pub' };
const two: Cosign = { version: '2.4.1', major: 2 };
const three: Cosign = { version: '3.0.2', major: 3 };
const nowhere = { GITHUB_ACTIONS: undefined, GITHUB_SERVER_URL: undefined, GITHUB_WORKFLOW_REF: undefined };
const line = (args: readonly string[]) => args.join(' ').replace(image, 'IMAGE');

describe('cosign', () => {
  it.each<[string, Cosign, Signer, string, string]>([
    [
      'by a key',
      three,
      { key, log: true },
      'sign --yes --recursive --key=/p/cosign.key IMAGE',
      'verify --key=/p/cosign.pub IMAGE',
    ],
    [
      'by a key without the log',
      three,
      { key, log: false },
      'sign --yes --recursive --key=/p/cosign.key --tlog-upload=false --new-bundle-format=false --use-signing-config=false IMAGE',
      'verify --key=/p/cosign.pub --insecure-ignore-tlog=true --new-bundle-format=false IMAGE',
    ],
    [
      'by a key without the log, before there was another form',
      two,
      { key, log: false },
      'sign --yes --recursive --key=/p/cosign.key --tlog-upload=false IMAGE',
      'verify --key=/p/cosign.pub --insecure-ignore-tlog=true IMAGE',
    ],
    [
      'by a key of a service',
      two,
      { key: { private: 'awskms:///alias/a', public: 'awskms:///alias/a' }, log: true },
      'sign --yes --recursive --key=awskms:///alias/a IMAGE',
      'verify --key=awskms:///alias/a IMAGE',
    ],
    [
      'keyless',
      three,
      { log: true },
      'sign --yes --recursive IMAGE',
      'verify --certificate-identity=ADDRESS --certificate-oidc-issuer=ISSUER IMAGE',
    ],
  ])('signs %s, and is told the same to verify it', (_, cosign, signer, signs, verifies) => {
    expect(line(signArguments(cosign, signer, image))).toBe(signs);
    expect(line(verifyArguments(cosign, signer, image, nowhere))).toBe(verifies);
  });

  it('names the workflow that signed keyless in a run of GitHub Actions', () => {
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_WORKFLOW_REF: 'acme/orders/.github/workflows/image.yml@refs/heads/main',
    };
    expect(verifyArguments(three, { log: true }, image, env)).toContain(
      '--certificate-identity=https://github.com/acme/orders/.github/workflows/image.yml@refs/heads/main',
    );
  });
});
