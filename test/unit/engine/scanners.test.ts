import { describe, expect, it } from 'vitest';
import { readGrype } from '../../../src/engine/scanners/grype.ts';
import { readSarif } from '../../../src/engine/scanners/sarif.ts';
import { readTrivy } from '../../../src/engine/scanners/trivy.ts';

const layer = 'sha256:1111';

describe('what scanners print', () => {
  it('is one result: of Trivy with the path of a package, none for those of the system, and its secrets', () => {
    const report = {
      Results: [
        {
          Target: 'shop (debian 13.1)',
          Class: 'os-pkgs',
          Vulnerabilities: [
            {
              VulnerabilityID: 'CVE-2011-4116',
              PkgName: 'perl-base',
              InstalledVersion: '5.40',
              Severity: 'LOW',
              Layer: { DiffID: layer },
            },
          ],
        },
        {
          Target: 'Node.js',
          Class: 'lang-pkgs',
          Vulnerabilities: [
            {
              VulnerabilityID: 'CVE-2021-23337',
              VendorIDs: ['GHSA-35jh-r3h4-6jhm'],
              PkgName: 'lodash',
              PkgPath: 'app/lib/lodash/manifest',
              InstalledVersion: '4.17.20',
              FixedVersion: '4.17.21',
              Severity: 'HIGH',
              Title: 'Command Injection in lodash',
              Layer: { Digest: 'sha256:2222', DiffID: layer },
            },
          ],
        },
        {
          Target: 'app/server',
          Class: 'lang-pkgs',
          Vulnerabilities: [
            { VulnerabilityID: 'GO-1', PkgName: 'x/net', InstalledVersion: 'v0.1.0', Severity: 'UNKNOWN' },
          ],
        },
        {
          Target: '/app/key.pem',
          Class: 'secret',
          Secrets: [{ RuleID: 'private-key', Title: 'Asymmetric Private Key', Layer: { DiffID: layer } }],
        },
      ],
    };
    expect(readTrivy(JSON.stringify(report))).toEqual({
      findings: [
        { id: 'CVE-2011-4116', aliases: [], severity: 'low', package: 'perl-base', version: '5.40', layer },
        {
          id: 'CVE-2021-23337',
          aliases: ['GHSA-35jh-r3h4-6jhm'],
          severity: 'high',
          package: 'lodash',
          version: '4.17.20',
          fixed: '4.17.21',
          title: 'Command Injection in lodash',
          path: '/app/lib/lodash/manifest',
          layer,
        },
        {
          id: 'GO-1',
          aliases: [],
          severity: 'unknown',
          package: 'x/net',
          version: 'v0.1.0',
          path: '/app/server',
          layer: undefined,
        },
      ],
      secrets: [{ path: '/app/key.pem', what: 'Asymmetric Private Key', layer }],
    });
  });

  it('is the same of Grype, which names an advisory first and the CVE behind it', () => {
    const match = {
      vulnerability: {
        id: 'GHSA-35jh-r3h4-6jhm',
        severity: 'High',
        description: 'Command Injection in lodash',
        fix: { versions: ['4.17.21'], state: 'fixed' },
      },
      relatedVulnerabilities: [{ id: 'CVE-2021-23337' }],
      artifact: {
        name: 'lodash',
        version: '4.17.20',
        type: 'npm',
        locations: [{ path: '/app/lib/lodash/manifest', layerID: layer }],
      },
    };
    const system = {
      vulnerability: { id: 'CVE-2011-4116', severity: 'Negligible', fix: { versions: [] } },
      artifact: {
        name: 'perl-base',
        version: '5.40',
        type: 'deb',
        locations: [{ path: '/var/lib/dpkg/status', layerID: layer }],
      },
    };
    expect(readGrype(JSON.stringify({ matches: [match, system] }))).toEqual([
      {
        id: 'CVE-2021-23337',
        aliases: ['GHSA-35jh-r3h4-6jhm'],
        severity: 'high',
        package: 'lodash',
        version: '4.17.20',
        fixed: '4.17.21',
        title: 'Command Injection in lodash',
        path: '/app/lib/lodash/manifest',
        layer,
      },
      { id: 'CVE-2011-4116', aliases: [], severity: 'low', package: 'perl-base', version: '5.40', layer },
    ]);
  });

  it('is read from the SARIF of Docker Scout: package URL, fixed version and score are properties of the rule', () => {
    const rule = (id: string, properties: object) => ({
      id,
      name: 'OsPackageVulnerability',
      shortDescription: { text: id },
      properties,
    });
    const document = {
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'docker scout',
              rules: [
                rule('CVE-2023-5363', {
                  'security-severity': '7.5',
                  cvssV3_severity: 'HIGH',
                  fixed_version: '3.0.12-1',
                  purls: ['pkg:deb/debian/openssl@3.0.11-1?os_distro=bookworm'],
                }),
                rule('CVE-2022-0001', {
                  cvssV3_severity: 'MEDIUM',
                  fixed_version: 'not fixed',
                  purls: ['pkg:npm/%40acme/shop@1.2.3'],
                }),
              ],
            },
          },
          results: [
            {
              ruleId: 'CVE-2023-5363',
              ruleIndex: 0,
              kind: 'fail',
              level: 'none',
              locations: [{ physicalLocation: { artifactLocation: { uri: '/usr/lib/libssl.so.3' } } }],
            },
            { ruleId: 'CVE-2022-0001', ruleIndex: 1, kind: 'fail' },
          ],
        },
      ],
    };
    expect(readSarif('Docker Scout', JSON.stringify(document))).toEqual([
      {
        id: 'CVE-2023-5363',
        aliases: [],
        severity: 'high',
        package: 'openssl',
        version: '3.0.11-1',
        fixed: '3.0.12-1',
        title: 'CVE-2023-5363',
        path: '/usr/lib/libssl.so.3',
      },
      {
        id: 'CVE-2022-0001',
        aliases: [],
        severity: 'medium',
        package: '@acme/shop',
        version: '1.2.3',
        title: 'CVE-2022-0001',
      },
    ]);
  });

  it('is read from the SARIF of Snyk: the CVE stands in the description, the package in the logical location', () => {
    const document = {
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'Snyk Container',
              rules: [
                {
                  id: 'SNYK-JS-LODASH-1040724',
                  shortDescription: { text: 'High severity - Command Injection vulnerability in lodash' },
                  fullDescription: { text: '(CVE-2021-23337) lodash@4.17.20' },
                  properties: { tags: ['security', 'CWE-78'], cvssv3_baseScore: 9.1, 'security-severity': '9.1' },
                },
              ],
            },
          },
          results: [
            {
              ruleId: 'SNYK-JS-LODASH-1040724',
              level: 'error',
              locations: [
                {
                  physicalLocation: { artifactLocation: { uri: 'Dockerfile' }, region: { startLine: 1 } },
                  logicalLocations: [{ fullyQualifiedName: 'lodash@4.17.20' }],
                },
              ],
              fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: 'lodash@4.17.21' } }] }] }],
            },
            {
              ruleId: 'UNLISTED',
              level: 'warning',
              locations: [{ logicalLocations: [{ fullyQualifiedName: '@a/b@1.0.0' }] }],
            },
          ],
        },
        { tool: { driver: { name: 'Snyk Container' } } },
      ],
    };
    expect(readSarif('Snyk', JSON.stringify(document))).toEqual([
      {
        id: 'CVE-2021-23337',
        aliases: ['SNYK-JS-LODASH-1040724'],
        severity: 'critical',
        package: 'lodash',
        version: '4.17.20',
        fixed: '4.17.21',
        title: 'High severity - Command Injection vulnerability in lodash',
      },
      { id: 'UNLISTED', aliases: [], severity: 'medium', package: '@a/b', version: '1.0.0' },
    ]);
  });

  it.each(['', 'not JSON', '[]', '{"matches":[{}]}'])('is refused where it is something else: %j', (text) => {
    expect(() => readGrype(text)).toThrow('did not print the expected JSON');
  });
});
