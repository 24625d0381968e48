import { describe, expect, it } from 'vitest';
import * as blobs from './blobs.ts';

const at = new Date('2026-11-21T23:59:59.123Z');

describe('the names of blobs', () => {
  it.each([
    [
      'bronze',
      blobs.bronzeName({ topic: 'a.topic', partition: 3, first: 10n, last: 25n }, at),
      '2026/11/21/a.topic-3/10-25',
    ],
    ['one named by its bytes', blobs.namedByContent('a/10', '0123456789abcdef01'), 'a/10~0123456789abcdef'],
    ['a spilled message', blobs.spillName('a.topic', 3, 10n, at), 'dead-letters/2026/11/21/a.topic-3/10'],
    ['an outgoing batch', blobs.outgoingName('plan', at), '2026/11/21/20261121T235959123Z-plan.csv'],
    ['its manifest', blobs.manifestName('2026/11/21/x.csv'), '2026/11/21/x.manifest.json'],
    ['a segment', blobs.segmentName('gold', 7, 'plan'), 'segments/00000007-plan.jsonl'],
    ['a segment of disagreements', blobs.segmentName('disagreements', 7, 'plan'), 'disagreements/00000007-plan.jsonl'],
    ['a release', blobs.releaseName(12, 'manifest.json'), 'releases/000012/manifest.json'],
  ])('%s', (_what, name, expected) => {
    expect(name).toBe(expected);
  });

  it('follow the day of UTC, wherever the service runs', () => {
    expect(blobs.dayOf(new Date('2026-11-22T00:30:00+02:00'))).toBe('2026/11/21');
  });

  it.each([NaN, 8.64e15, -8.64e15, Date.UTC(12_000, 0)])(
    'put the time %d, which is no day anybody knows, under the first',
    (ms) => {
      expect(blobs.dayOf(new Date(ms))).toBe('1970/01/01');
    },
  );

  it('of segments and releases sort as their numbers do', () => {
    const numbers = [1, 2, 10, 99, 100];
    const names = numbers.map((number) => blobs.segmentName('gold', number, 'plan'));
    expect(names.toSorted()).toEqual(names);
    const releases = numbers.map((number) => blobs.releaseName(number, 'manifest.json'));
    expect(releases.toSorted()).toEqual(releases);
  });

  it('hold offsets beyond a double without rounding', () => {
    const range = { topic: 't', partition: 0, first: 2n ** 53n + 1n, last: 2n ** 53n + 3n };
    expect(blobs.bronzeName(range, at)).toContain('9007199254740993-9007199254740995');
  });
});

describe('the containers', () => {
  it.each(Object.values(blobs.containers))('%s is a name every blob store takes', (name) => {
    expect(name).toMatch(/^[a-z0-9](?:-?[a-z0-9]){2,62}$/);
  });
});
