import type { ScannerName } from '../../model/scan-words.ts';
import type { Scanner } from './contract.ts';
import { grype } from './grype.ts';
import { scout } from './scout.ts';
import { snyk } from './snyk.ts';
import { trivy } from './trivy.ts';

/** Every scanner by its name. */
export const scanners: Readonly<Record<ScannerName, Scanner>> = { trivy, grype, scout, snyk };
