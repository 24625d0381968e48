import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantText, parseInstantText } from './instant.ts';

describe('parseInstantText', () => {
  it.each([
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T08:01:37Z', '2026-11-21T08:01:37.000Z'],
    ['2026-11-21 08:01', '2026-11-21T08:01:00.000Z'],
    ['2026-11-21T08:01:37.363683Z', '2026-11-21T08:01:37.363683Z'],
    ['2026-11-21T08:01:37.3', '2026-11-21T08:01:37.300Z'],
    ['2026-11-21T08:01:37,5Z', '2026-11-21T08:01:37.500Z'],
    ['2026-11-21T08:01:37.123456789Z', '2026-11-21T08:01:37.123456Z'],
    ['2026-11-21T08:01:37+02:00', '2026-11-21T06:01:37.000Z'],
    ['2026-11-21T08:01:37-0530', '2026-11-21T13:31:37.000Z'],
    ['2026-11-21t08:01+01z', ''],
    ['2026-11-21T08:01+01', '2026-11-21T07:01:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['1969-12-31T23:59:59Z', '1969-12-31T23:59:59.000Z'],
  ])('reads %s', (text, iso) => {
    const micros = parseInstantText(text);
    expect(Number.isNaN(micros) ? '' : instantText(micros)).toBe(iso);
  });

  it.each([
    '',
    'yesterday',
    '21.11.2026',
    '2026-02-30',
    '2026-13-01',
    '2026-11-21T24:00:00Z',
    '2026-11-21T08',
    '1763632800',
  ])('takes "%s" for unreadable', (text) => {
    expect(parseInstantText(text)).toBeNaN();
  });

  it('agrees with Date for every date of four digits', () => {
    const dates = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseInstantText(date.toISOString())).toBe(date.getTime() * 1000);
      }),
    );
  });
});
