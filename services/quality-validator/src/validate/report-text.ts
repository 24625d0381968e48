import type { Report } from './report.ts';

export function textReport(report: Report, _out: string): string {
  return JSON.stringify(report.decisions);
}
