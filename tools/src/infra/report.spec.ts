import { describe, expect, it } from 'vitest';
import { renderTable } from './report.ts';

describe('renderTable', () => {
  it('puts words to the left and numbers to the right', () => {
    const rows = [
      ['part', 'seconds', 'pid'],
      ['kafka', '1.9', '12'],
      ['guard', '', '3'],
    ];
    expect(renderTable(rows)).toBe('part   seconds  pid\nkafka      1.9   12\nguard             3');
  });
});
