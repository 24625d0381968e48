import { buffer } from 'node:stream/consumers';
import { cleanLineSchema } from '@assay/shared/contracts/release';
import { expect, it } from 'vitest';
import { describeFormat } from '../format.contract.ts';
import { jsonl } from './jsonl.ts';

describeFormat(jsonl, (file) =>
  file
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => cleanLineSchema.parse(JSON.parse(line))),
);

it('jsonl writes the bytes it has always written', async () => {
  const line = {
    doc_id: '00000000000000000000000000000007',
    text: 'zwei „Zeilen“\n🧾\u2028\u007f</script>',
    labels: { topic: 'billing', tone: ['angry', 1.5, null] },
    confidence_score: 0.9,
    annotators: ['1', '2'],
    decided_at: '2026-11-21T10:00:00.000000Z',
    version: 2,
  };
  const lines = {
    async *[Symbol.asyncIterator]() {
      yield [line, { ...line, version: 3 }];
    },
  };

  const file = (await buffer(jsonl.encode(lines))).toString();

  const rest =
    '"text":"zwei „Zeilen“\\n🧾\u2028\u007f</script>","labels":{"topic":"billing","tone":["angry",1.5,null]},"confidence_score":0.9,"annotators":["1","2"],"decided_at":"2026-11-21T10:00:00.000000Z"';
  expect(file).toBe(
    [2, 3].map((version) => `{"doc_id":"00000000000000000000000000000007",${rest},"version":${version}}\n`).join(''),
  );
});
