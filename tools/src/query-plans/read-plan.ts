/** A node of `explain (format json)`. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Function Name'?: string;
  readonly 'Plan Rows': number;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

export const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** A sort of a batch costs nothing; one of more than any batch holds grows with a table. */
export const BATCH_ROWS = 5_000;

/** What a plan does that grows with a table. */
export function faultsOfPlan(plan: PlanNode, largeTables: ReadonlySet<string>): readonly string[] {
  return nodesOf(plan).flatMap((node) => {
    const relation = node['Relation Name'];
    if (node['Node Type'] === 'Seq Scan' && relation !== undefined && largeTables.has(relation))
      return [`reads ${relation} from its beginning`];
    const sorted = node.Plans?.[0]?.['Plan Rows'] ?? 0;
    return node['Node Type'] === 'Sort' && sorted > BATCH_ROWS ? [`sorts some ${sorted} rows`] : [];
  });
}

/** Rows that a plan took up from tables when it was run, also those it threw away. */
export const rowsRead = (plan: PlanNode): number =>
  nodesOf(plan)
    .filter((node) => node['Relation Name'] !== undefined && node['Node Type'] !== 'ModifyTable')
    .reduce((sum, node) => {
      const each =
        (node['Actual Rows'] ?? 0) +
        (node['Rows Removed by Filter'] ?? 0) +
        (node['Rows Removed by Index Recheck'] ?? 0);
      return sum + Math.round(each * (node['Actual Loops'] ?? 0));
    }, 0);

/** Where a statement gets its rows: `deliveries by deliveries_waiting`. */
export function accessOf(plan: PlanNode): readonly string[] {
  const paths = nodesOf(plan).flatMap((node) => {
    const type = node['Node Type'];
    const relation = node['Relation Name'];
    if (type === 'Function Scan' && node['Function Name'] === 'journey') return ['function journey'];
    if (type === 'Bitmap Index Scan') return [`by ${node['Index Name']}`];
    if (relation === undefined || type === 'ModifyTable') return [];
    const index = node['Index Name'];
    if (index !== undefined) return [`${relation} by ${index}`];
    return [type === 'Seq Scan' ? `all of ${relation}` : relation];
  });
  return [...new Set(paths)];
}

/** Blocks that a plan took up when it was run, also within functions. */
export const blocksRead = (plan: PlanNode): number =>
  (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
