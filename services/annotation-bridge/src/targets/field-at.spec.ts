import { describe, expect, it } from 'vitest';
import { fieldAt } from './field-at.ts';

describe('fieldAt', () => {
  it('finds a name that has dots itself before it looks inside', () => {
    expect(fieldAt({ 'a.b': 1, a: { b: 2 } }, 'a.b')).toBe(1);
  });

  it('finds nothing that a field only inherits', () => {
    expect(fieldAt({}, 'constructor')).toBeNull();
    expect(fieldAt({ text: 'x' }, 'text.length')).toBeNull();
  });
});
