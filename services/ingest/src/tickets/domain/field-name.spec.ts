import { describe, expect, it } from 'vitest';
import { FieldName } from './field-name.ts';

describe('the name of a field', () => {
  it('is made of the keys that lead to it, the nearest 200 letters', () => {
    const customer = new FieldName('fields').below('customer');
    expect(customer.name).toBe('fields.customer');
    expect(customer.nameOfKeys).toBe('keys of fields.customer');
    expect(customer.below('x'.repeat(300)).name).toBe('x'.repeat(200));
  });

  it('is kept, so that it is made once', () => {
    const fields = new FieldName('fields');
    expect(fields.below('customer').below('id')).toBe(fields.below('customer').below('id'));
  });

  it('is forgotten when there are ever new ones, and says the same', () => {
    const fields = new FieldName('fields');
    const first = fields.below('customer');
    for (let i = 0; i < 2_000; i++) fields.below(`field ${i}`);
    expect(fields.below('customer')).not.toBe(first);
    expect(fields.below('customer').name).toBe('fields.customer');
    expect(fields.below('field 1999').name).toBe('fields.field 1999');
  });
});
