import { describe, expect, it } from 'vitest';
import { type LedgerRow, NO_COUNTS } from './ledger.ts';
import { isSameRecord, judgePosition, type LogBounds } from './log-position.ts';

const lastRecord = { offset: 9n, keyHash: 'hash', timestamp: 1 };
const row: LedgerRow = {
  incarnation: 1,
  clusterId: 'cluster',
  firstOffset: 0n,
  nextOffset: 10n,
  lastRecord,
  counts: NO_COUNTS,
};
const log: LogBounds = { clusterId: 'cluster', low: 0n, high: 20n };

describe('judging where to read', () => {
  it.each([
    ['the log goes on', row, log, { kind: 'resume', verify: lastRecord }],
    ['there is nothing new', row, { ...log, high: 10n }, { kind: 'resume', verify: lastRecord }],
    ['nothing was booked yet', { ...row, lastRecord: null }, log, { kind: 'resume', verify: null }],
    ['the last record is the first that is left', row, { ...log, low: 9n }, { kind: 'resume', verify: lastRecord }],
    ['the last record is gone, nothing else', row, { ...log, low: 10n }, { kind: 'resume', verify: null }],
    ['one unread message is gone', row, { ...log, low: 11n }, { kind: 'expired' }],
    ['the whole log is gone', row, { ...log, low: 20n }, { kind: 'expired' }],
    [
      'the log ends before the ledger',
      row,
      { ...log, high: 9n },
      { kind: 'replaced', because: 'the log ends at 9, before 10' },
    ],
    ['another cluster', row, { ...log, clusterId: 'another' }, { kind: 'replaced', because: 'the cluster id changed' }],
    [
      'another cluster, whatever else there is',
      row,
      { clusterId: 'another', low: 15n, high: 20n },
      { kind: 'replaced', because: 'the cluster id changed' },
    ],
  ])('%s', (_name, given, bounds, expected) => {
    expect(judgePosition(given, bounds)).toEqual(expected);
  });
});

describe('whether two records are the same', () => {
  it.each([
    ['the same', lastRecord, true],
    ['another offset', { ...lastRecord, offset: 8n }, false],
    ['another key', { ...lastRecord, keyHash: 'other' }, false],
    ['another time', { ...lastRecord, timestamp: 2 }, false],
  ])('%s', (_name, other, expected) => {
    expect(isSameRecord(lastRecord, other)).toBe(expected);
  });
});
