import type { ScanFinding } from '../../model/scan.ts';
import { z } from '../../model/zod.ts';
import type { RawFinding } from './contract.ts';
import { given, named, readDocument, rooted, severityOf, text } from './support.ts';

const Rule = z.object({
  id: z.string(),
  shortDescription: z.object({ text }).nullish(),
  fullDescription: z.object({ text }).nullish(),
  properties: z
    .object({
      'security-severity': z.union([z.string(), z.number()]).nullish(),
      cvssV3_severity: text,
      fixed_version: text,
      purls: z.array(z.string()).nullish(),
    })
    .nullish(),
});
type Rule = z.infer<typeof Rule>;

const Result = z.object({
  ruleId: text,
  ruleIndex: z.number().nullish(),
  level: text,
  locations: z
    .array(
      z.object({
        physicalLocation: z.object({ artifactLocation: z.object({ uri: text }).nullish() }).nullish(),
        logicalLocations: z.array(z.object({ fullyQualifiedName: text })).nullish(),
      }),
    )
    .nullish(),
  fixes: z
    .array(
      z.object({
        artifactChanges: z
          .array(z.object({ replacements: z.array(z.object({ insertedContent: z.object({ text }).nullish() })) }))
          .nullish(),
      }),
    )
    .nullish(),
});
type Result = z.infer<typeof Result>;

/** What we read of a SARIF document: the form that scanners share, and the properties that some of them add. */
const Document = z.object({
  runs: z.array(
    z.object({
      tool: z.object({ driver: z.object({ rules: z.array(Rule).nullish() }) }),
      results: z.array(Result).nullish(),
    }),
  ),
});

/** The severity of a score, by the table of CVSS 3. */
function ofScore(score: string | number | null | undefined): ScanFinding['severity'] | undefined {
  const value = Number(score ?? 0);
  if (!(value > 0)) return undefined;
  return value >= 9 ? 'critical' : value >= 7 ? 'high' : value >= 4 ? 'medium' : 'low';
}

const levels: Readonly<Record<string, ScanFinding['severity']>> = { error: 'high', warning: 'medium', note: 'low' };

/** A name and a version, from NAME@VERSION; a name may begin with an at sign. */
function versioned(whole: string): { readonly package: string; readonly version: string } {
  const at = whole.lastIndexOf('@');
  return at > 0 ? { package: whole.slice(0, at), version: whole.slice(at + 1) } : { package: whole, version: '' };
}

/** The package of a package URL: `pkg:npm/%40acme/shop@1.2.3?arch=x` is @acme/shop. */
function ofPurl(purl: string): string {
  const [path = ''] = purl.slice(purl.indexOf('/') + 1).split(/[?#]/, 1);
  const isSystem = /^pkg:(?:deb|apk|rpm)\//.test(purl);
  const name = isSystem ? path.slice(path.indexOf('/') + 1) : path;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function findingOf(result: Result, rule: Rule | undefined): RawFinding {
  const [place] = result.locations ?? [];
  const { properties } = rule ?? {};
  const [purl] = properties?.purls ?? [];
  const logical = place?.logicalLocations?.[0]?.fullyQualifiedName;
  const uri = place?.physicalLocation?.artifactLocation?.uri;
  const cves = [...(rule?.fullDescription?.text ?? '').matchAll(/\bCVE-\d{4}-\d{4,10}\b/g)].map(([cve]) => cve);
  const change = result.fixes?.[0]?.artifactChanges?.[0]?.replacements[0]?.insertedContent?.text;
  return {
    ...named([result.ruleId ?? rule?.id ?? '', ...cves]),
    severity:
      ofScore(properties?.['security-severity']) ??
      (properties?.cvssV3_severity
        ? severityOf(properties.cvssV3_severity)
        : (levels[result.level ?? ''] ?? 'unknown')),
    ...versioned(purl ? ofPurl(purl) : (logical ?? '')),
    ...given({
      fixed:
        properties?.fixed_version && properties.fixed_version !== 'not fixed'
          ? properties.fixed_version
          : change && versioned(change).version,
      title: rule?.shortDescription?.text,
      path: uri?.startsWith('/') ? rooted(uri) : undefined,
    }),
  };
}

/** The findings of a SARIF document of a scanner. */
export const readSarif = (title: string, json: string): readonly RawFinding[] =>
  readDocument(title, json, Document).runs.flatMap(({ tool, results }) => {
    const rules = tool.driver.rules ?? [];
    return (results ?? []).map((result) =>
      findingOf(result, rules.find(({ id }) => id === result.ruleId) ?? rules[result.ruleIndex ?? -1]),
    );
  });
