/** SARIF 2.1.0, the document in which scanners tell code hosts what they found (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). */
import type { ScanFinding, ScanReport, ScanSecret } from '../model/scan.ts';

/** What a code host sorts by: the middle of the range of each severity in the table of CVSS 3. */
const scores: Readonly<Record<ScanFinding['severity'], string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  unknown: '0.0',
};

const levels: Readonly<Record<ScanFinding['severity'], 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  unknown: 'note',
};

type Row = {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly severity: ScanFinding['severity'];
  readonly message: string;
  readonly line: number | undefined;
  /** tells this result from others of its rule, whatever line it moves to */
  readonly fingerprint: string;
};

const vulnerability = (item: ScanFinding): Row => ({
  id: item.id,
  name: 'KnownVulnerability',
  about: item.title ?? `${item.id} in ${item.package}`,
  severity: item.severity,
  message: [
    `${item.package} ${item.version} has ${item.id}${item.title === undefined ? '' : `: ${item.title}`}.`,
    item.fixed === undefined ? 'No fix is available.' : `Fixed in ${item.fixed}.`,
    ...(item.path === undefined ? [] : [`In the image: ${item.path}.`]),
    ...(item.instruction === undefined ? [] : [`From: ${item.instruction}`]),
  ].join(' '),
  line: item.line,
  fingerprint: [item.id, item.package, item.path ?? ''].join(' '),
});

const secret = (item: ScanSecret): Row => ({
  id: 'secret-in-image',
  name: 'SecretInImage',
  about: 'The image contains a secret: everybody who can pull the image can read it',
  severity: 'critical',
  message: `${item.path} holds ${item.what}.${item.instruction === undefined ? '' : ` From: ${item.instruction}`}`,
  line: item.line,
  fingerprint: item.id,
});

function runOf(report: ScanReport, app: string | undefined) {
  const { findings, secrets, dockerfile, scanner } = report;
  const rows = [...findings.map(vulnerability), ...secrets.map(secret)];
  const rules = rows.filter(({ id }, at) => rows.findIndex((row) => row.id === id) === at);
  return {
    tool: {
      driver: {
        name: 'Dockwright',
        rules: rules.map(({ id, name, about, severity }) => ({
          id,
          name,
          shortDescription: { text: about },
          defaultConfiguration: { level: levels[severity] },
          properties: { 'security-severity': scores[severity], tags: ['security', severity] },
        })),
      },
      ...(scanner ? { extensions: [{ name: scanner.name, version: scanner.version }] } : {}),
    },
    automationDetails: { id: `scan/${app === undefined ? '' : `${app}/`}` },
    columnKind: 'utf16CodeUnits',
    results: rows.map(({ id, severity, message, line, fingerprint }) => ({
      ruleId: id,
      ruleIndex: rules.findIndex((rule) => rule.id === id),
      level: levels[severity],
      message: { text: message },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: dockerfile.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' },
            region: { startLine: line ?? 1 },
          },
        },
      ],
      partialFingerprints: { 'scan/v1': fingerprint },
    })),
  };
}

/** The scans of one or several applications as a SARIF document. */
export const sarifOf = (
  reports: readonly { readonly app: string | undefined; readonly report: ScanReport }[],
): string =>
  `${JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: reports.map(({ app, report }) => runOf(report, app)),
    },
    null,
    2,
  )}\n`;
