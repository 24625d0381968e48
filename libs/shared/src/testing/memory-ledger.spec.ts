import { describeLedgerStore } from '../pipeline/ledger-store.contract.ts';
import { MemoryLedger } from './memory-ledger.ts';

describeLedgerStore('memory', async () => {
  const store = new MemoryLedger();
  return { store, insertKey: (tx, key) => tx.insert(key), committedKeys: async () => store.effects };
});
