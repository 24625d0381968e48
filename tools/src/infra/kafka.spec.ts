import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterIdFrom } from './kafka.ts';

describe('clusterIdFrom', () => {
  it('is 22 characters that no tool takes for an option', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (random) => {
        expect(clusterIdFrom(random)).toMatch(/^[A-Za-z0-9][\w-]{21}$/);
      }),
    );
  });

  it('holds where the first six bits would be a dash', () => {
    expect(clusterIdFrom(new Uint8Array(16).fill(0xf8))).not.toMatch(/^-/);
  });
});
