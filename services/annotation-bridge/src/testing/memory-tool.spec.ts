import { describeTarget } from '../targets/target.contract.ts';
import { createMemoryTool } from './memory-tool.ts';

describeTarget('in memory', async () => {
  const { target, tasks } = createMemoryTool('tool', { maxDocuments: 3, maxBytes: 10_000, maxAgeMs: 0 });
  return { target, held: async () => tasks.map(({ docId }) => docId) };
});
