import { describe, expect, it } from 'vitest';
import { renderJourney } from './journey.verb.ts';

describe('renderJourney', () => {
  it('writes a line for each stop: when, where, what, and what is known of it', () => {
    const at = new Date('2026-11-21T09:30:00.123Z');
    const text = renderJourney([
      {
        at,
        stop: 'ingest',
        event: 'stored',
        detail: { source: 'zendesk', masked: { EMAIL_ADDRESS: 2 }, bronze: null },
      },
      { at, stop: 'annotation-bridge', event: 'queued', detail: { priority: 0, empty: '' } },
      { at, stop: 'now', event: 'in gold', detail: {} },
    ]);
    expect(text.split('\n').map((line) => line.trimEnd())).toEqual([
      '2026-11-21T09:30:00.123Z  ingest             stored                       source=zendesk masked={"EMAIL_ADDRESS":2}',
      '2026-11-21T09:30:00.123Z  annotation-bridge  queued                       priority=0 empty=',
      '2026-11-21T09:30:00.123Z  now                in gold',
      '',
    ]);
  });
});
