import { describePartitionedSource } from '../pipeline/partitioned-source.contract.ts';
import { MemorySource } from './memory-source.ts';

describePartitionedSource('memory', () => {
  const source = new MemorySource(2);
  return {
    source,
    append: (partition, ...values) => source.append(partition, ...values),
    rebalance: () => void source.rebalance(),
  };
});
