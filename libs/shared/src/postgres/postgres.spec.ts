import { describe, expect, it } from 'vitest';
import { timeoutsWithin } from './postgres.ts';

describe('timeoutsWithin', () => {
  it.each([1_000, 6_000, 30_000])('frees a frozen row before a session of %i ms ends', (session) => {
    const { lockMs, idleMs, statementMs, queryMs } = timeoutsWithin(session);
    expect(idleMs + lockMs).toBeLessThan(session);
    expect(queryMs).toBeLessThan(session);
    // The server's own answer comes first: it says what was wrong.
    expect(statementMs).toBeLessThan(queryMs);
  });

  it('is what it always was for the session timeout of a default installation', () => {
    expect(timeoutsWithin(30_000)).toEqual({ lockMs: 5_000, idleMs: 10_000, statementMs: 20_000, queryMs: 25_000 });
  });

  it('never says 0, which would mean no limit', () => {
    expect(Object.values(timeoutsWithin(0))).not.toContain(0);
  });
});
