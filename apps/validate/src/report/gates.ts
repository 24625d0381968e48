import { headlineKappa } from '../decisions/count-agreement.ts';
import type { FieldAgreement } from '../decisions/count-agreement.ts';
import type { Gates } from '../options.ts';
import type { RowAccount } from '../decisions/settle-rows.ts';

export interface GateResult {
  readonly gate: '--min-kappa' | '--max-rejected';
  readonly passed: boolean;
  /** One sentence for a person. */
  readonly message: string;
}

/** Whether the run is good enough for whoever asked. Agreement that cannot be told does not pass: nobody has shown that it
 * is high enough. */
export function checkGates(
  gates: Gates,
  run: {
    readonly account: RowAccount;
    readonly rejectedFiles: readonly { readonly rows: number }[];
    readonly agreement: readonly FieldAgreement[];
  },
): GateResult[] {
  const results: GateResult[] = [];
  if (gates.minKappa !== null) results.push(checkKappa(gates.minKappa, run.agreement));
  if (gates.maxRejected !== null) results.push(checkRejected(gates.maxRejected, run.account, run.rejectedFiles));
  return results;
}

function checkKappa(minKappa: number, agreement: readonly FieldAgreement[]): GateResult {
  const values = agreement.map(({ field, report }) => ({ field, ...headlineKappa(report) }));
  const failing = values.filter(({ value }) => value === null || value < minKappa);
  const shown = (failing.length > 0 ? failing : values)
    .map(
      ({ field, coefficient, value }) => `${field}: ${coefficient} ${value === null ? 'undefined' : value.toFixed(4)}`,
    )
    .join(', ');
  const passed = values.length > 0 && failing.length === 0;
  const message = values.length === 0 ? 'there are no votes to compare' : shown;
  return { gate: '--min-kappa', passed, message: `${message} (at least ${minKappa} is asked for)` };
}

/** A rejected file counts with the rows that could be read of it, and with one row at least: a gate that nothing may be
 * rejected must not pass because a whole file was. */
function checkRejected(
  limit: NonNullable<Gates['maxRejected']>,
  account: RowAccount,
  rejectedFiles: readonly { readonly rows: number }[],
): GateResult {
  const lost = rejectedFiles.reduce((sum, { rows }) => sum + Math.max(1, rows), 0);
  const rejected = account.rejected + lost;
  const rows = account.rows + lost;
  const share = rows === 0 ? 0 : rejected / rows;
  const passed = 'rows' in limit ? rejected <= limit.rows : share <= limit.share;
  const asked = 'rows' in limit ? `${limit.rows} rows` : `${(limit.share * 100).toString()} % of the rows`;
  const found = `${rejected} of ${rows} rows rejected (${(share * 100).toFixed(3)} %)`;
  return { gate: '--max-rejected', passed, message: `${found}, at most ${asked} allowed` };
}
