import { describeFormat } from '../../formats/format.contract.ts';
import { labelTable } from './label-table.ts';

describeFormat(labelTable, (file) => {
  const [, ...rows] = file
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((row) => row.split('\t').map((cell) => (cell === '' ? undefined : JSON.parse(cell))));
  return rows.map(([doc_id, text]) => ({ doc_id, text }));
});
