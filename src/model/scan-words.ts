/** The scanners, in the order in which they are looked for. */
export const scannerNames = ['trivy', 'grype', 'scout', 'snyk'] as const;
export type ScannerName = (typeof scannerNames)[number];

/** From the worst on. */
export const scanSeverities = ['critical', 'high', 'medium', 'low'] as const;
export type ScanSeverity = (typeof scanSeverities)[number];
