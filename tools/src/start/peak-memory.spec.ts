import { describe, expect, it } from 'vitest';
import { parsePeakBytes, readPeaks } from './peak-memory.ts';

describe('parsePeakBytes', () => {
  it('reads the high-water mark', () => {
    expect(parsePeakBytes('Name:\tnode\nVmPeak:\t 1100000 kB\nVmHWM:\t   63488 kB\nVmRSS:\t   1 kB\n')).toBe(
      65_011_712,
    );
  });

  it('knows nothing of a process that is gone', () => {
    expect(parsePeakBytes('Name:\tnode\nState:\tZ (zombie)\n')).toBeUndefined();
  });
});

describe.runIf(process.platform === 'linux')('readPeaks', () => {
  it('tells the peak of a living process and leaves out what does not run', () => {
    const [own, ...rest] = readPeaks([
      { name: 'own', pid: process.pid },
      { name: 'not started', pid: undefined },
    ]);
    expect(own).toMatchObject({ name: 'own', pid: process.pid });
    expect(own?.peakRssBytes).toBeGreaterThan(10_000_000);
    expect(rest).toEqual([]);
  });
});
