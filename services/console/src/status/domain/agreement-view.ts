import { agreementReport } from '@assay/agreement/agreement-report';
import type { Coefficient } from '@assay/agreement/coefficient';
import { countsOf, type CountRow } from '@assay/agreement/count-rows';
import type { AgreementView, CoefficientView } from '../status.ts';

/** A row of lineage.agreement. */
export type FieldCount = CountRow & { readonly field: string };

/** How far people agree, field by field, from the counts the validator keeps. */
export function agreementViews(rows: readonly FieldCount[]): readonly AgreementView[] {
  const byField = Map.groupBy(rows, ({ field }) => field);
  return [...byField].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([field, counts]) => viewOf(field, counts));
}

function viewOf(field: string, rows: readonly CountRow[]): AgreementView {
  const { counts, raters, labels } = countsOf(rows);
  const report = agreementReport(counts, { raters, labels, maxPairs: 0 });
  return {
    field,
    items: report.items,
    shared_items: report.sharedItems,
    raters: report.raters,
    percent: shown(report.percentAgreement),
    krippendorff: shown(report.krippendorffNominal),
    gwet_ac1: shown(report.gwetAc1),
  };
}

function shown(coefficient: Coefficient): CoefficientView {
  if (coefficient.value === null) return { value: null, reason: coefficient.reason, low: null, high: null };
  const { value, interval } = coefficient;
  const isTelling = interval !== null && !interval.degenerate;
  return { value, reason: null, low: isTelling ? interval.low : null, high: isTelling ? interval.high : null };
}
