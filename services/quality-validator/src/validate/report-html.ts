import type { FieldAgreement } from './count-agreement.ts';
import type { Report } from './report.ts';

export function htmlReport(report: Report, _agreement: readonly FieldAgreement[]): string {
  return JSON.stringify(report);
}
