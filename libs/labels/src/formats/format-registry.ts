import { argillaRecords } from './argilla-records.ts';
import { azureMlConll } from './azure-ml-conll.ts';
import { azureMlCsv, azureMlLines } from './azure-ml.ts';
import { crowdKit } from './crowd-kit.ts';
import { doccano } from './doccano.ts';
import { groundTruthManifest } from './ground-truth-manifest.ts';
import type { LabelFormat } from './label-format.ts';
import { labelStudioJson } from './label-studio-json.ts';
import { labelStudioCsv, labelStudioMin, labelStudioTsv } from './label-studio-rows.ts';
import { plainCsv, plainLines } from './plain-labels.ts';
import { prodigy } from './prodigy.ts';

/** Every format that labels can be read from and written to. */
export const labelFormats: readonly LabelFormat[] = [
  labelStudioJson,
  labelStudioMin,
  labelStudioCsv,
  labelStudioTsv,
  argillaRecords,
  azureMlLines,
  azureMlCsv,
  azureMlConll,
  groundTruthManifest,
  doccano,
  prodigy,
  crowdKit,
  plainCsv,
  plainLines,
];

/** A format that is not our own. */
export function findToolFormat(name: string): LabelFormat | undefined {
  return name === plainCsv.name || name === plainLines.name ? undefined : findFormat(name);
}

export function findFormat(name: string): LabelFormat | undefined {
  return labelFormats.find((format) => format.name === name);
}
