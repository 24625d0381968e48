import { describe, expect, it } from 'vitest';
import { formatTable, PLAIN_CSV } from './csv-table.ts';

describe('formatTable', () => {
  it('leaves a cell empty when the record has no such column, whatever the column is called', () => {
    const records = [{ toString: 'x', constructor: 'y' }, {}] as never[];
    expect(formatTable(['toString', 'constructor'], records, PLAIN_CSV)).toBe('toString,constructor\nx,y\n,\n');
  });
});
