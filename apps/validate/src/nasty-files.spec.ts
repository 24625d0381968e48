import { describe, expect, it } from 'vitest';
import { nastyFiles } from './testing/nasty-files.ts';
import type { NastyReport } from './testing/nasty-file.ts';
import { validateFiles } from './testing/validate-files.ts';

function accountOf({ rows, superseded = 0, duplicate = 0, rejected: reasons = {} }: NastyReport) {
  const rejected = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  return { rows, live: rows - superseded - duplicate - rejected, superseded, duplicate, rejected };
}

function expected(report: NastyReport) {
  const { rejected = {}, gold, disagreement = 0, low_confidence = 0 } = report;
  return {
    ...accountOf(report),
    rejected_by_reason: rejected,
    files: { read: 1, rejected: 0 },
    rejected_files: {},
    decisions: { gold, disagreement, low_confidence, pending: 0 },
  };
}

// Generous, for machines that do ten things at once.
describe('nasty files', { timeout: 60_000 }, () => {
  it('are many', () => {
    expect(nastyFiles.length).toBeGreaterThanOrEqual(60);
    expect(new Set(nastyFiles.map(({ path }) => path)).size).toBe(nastyFiles.length);
  });

  const readable = nastyFiles.flatMap(({ path, bytes, report }) =>
    typeof report === 'string' ? [] : [{ path, bytes, report }],
  );
  const broken = nastyFiles.flatMap(({ path, bytes, report }) =>
    typeof report === 'string' ? [{ path, bytes, report }] : [],
  );

  it.each(readable)('$path is read', async ({ path, bytes, report: wanted }) => {
    const { report, rejected } = await validateFiles({ [path]: bytes });
    expect(report).toMatchObject(expected(wanted));
    expect(report.notes).toEqual(wanted.notes === undefined ? {} : { [path]: wanted.notes });
    expect(rejected).toHaveLength(report.rejected);
  });

  it.each(broken)('$path is rejected: $report', async ({ path, bytes, report: reason }) => {
    const { report, gold, rejected } = await validateFiles({ [path]: bytes });
    expect(report).toMatchObject({ rows: 0, files: { read: 0, rejected: 1 }, rejected_files: { [path]: reason } });
    expect([gold, rejected]).toEqual([[], []]);
  });

  it('stop no run and vanish from no report, all together', async () => {
    const { report, rejected } = await validateFiles(
      Object.fromEntries(nastyFiles.map(({ path, bytes }) => [path, bytes])),
    );
    expect(report.rejected_files).toEqual(Object.fromEntries(broken.map(({ path, report: reason }) => [path, reason])));
    expect(report.by_file).toEqual(
      Object.fromEntries(readable.map(({ path, report: wanted }) => [path, accountOf(wanted)])),
    );
    expect(rejected).toHaveLength(report.rejected);
  });
});
