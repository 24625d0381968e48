import { describeLedgerStore } from '../postgres/offset-ledger.contract.ts';
import { MemoryLedger } from './memory-ledger.ts';

describeLedgerStore('memory', async () => {
  const store = new MemoryLedger();
  return { store, insertKey: { name: 'insert', text: '' }, committedKeys: async () => store.effects };
});
