import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { z } from 'zod';
import { type AnnotationBridgeConfig, labelSettings } from '../../config.ts';
import { toolOutage } from '../tool-client.ts';
import { ARGILLA, type ArgillaApi } from './argilla-api.ts';
import { datasetFault, datasetPlan } from './domain/dataset.ts';
import type { argillaFields } from './settings.ts';

export interface DatasetSettings {
  readonly workspace: string;
  readonly name: string;
  /** For a dataset that is made. */
  readonly labels: readonly string[];
  readonly overlap: number;
  readonly confidence: { readonly name: string; readonly scale: number } | undefined;
}

export const datasetSettings = (config: AnnotationBridgeConfig): DatasetSettings => ({
  workspace: config.ARGILLA_WORKSPACE,
  name: config.ARGILLA_DATASET,
  labels: config.ARGILLA_LABELS,
  overlap: config.ARGILLA_OVERLAP,
  confidence: labelSettings(config).tools?.confidence,
});

/** Its settings, where they are all there. */
export function argillaAccess(config: z.output<z.ZodObject<typeof argillaFields>>) {
  const { ARGILLA_URL: url, ARGILLA_API_KEY: apiKey } = config;
  if (url !== undefined && apiKey !== undefined) return { url, apiKey };
  throw new PipelineError('CONFIG_INVALID', 'argilla needs ARGILLA_URL and ARGILLA_API_KEY');
}

/** Finds the dataset; null where it is not there yet. Throws an outage that says what is wrong where nobody could label in it. */
export async function findDataset(api: ArgillaApi, { workspace, name }: DatasetSettings, signal: AbortSignal) {
  const workspaceId = await workspaceOf(api, workspace, signal);
  const dataset = await api.dataset(workspaceId, name, signal);
  if (dataset === null) return null;
  const [fields, questions] = await Promise.all([api.fields(dataset.id, signal), api.questions(dataset.id, signal)]);
  const fault = datasetFault({ ...dataset, fields, questions });
  if (fault !== null) throw toolOutage(`${ARGILLA}, dataset ${name}: ${fault}`);
  return dataset;
}

/** Finds the dataset or makes it. A dataset that was left half made says that it is not published. */
export async function findOrMakeDataset(api: ArgillaApi, settings: DatasetSettings, signal: AbortSignal) {
  const found = await findDataset(api, settings, signal);
  if (found !== null) return found;
  const { labels, overlap, name, confidence } = settings;
  if (labels.length === 0)
    throw toolOutage(`${ARGILLA} has no dataset ${name}: make it, or set ARGILLA_LABELS and it is made.`);
  const workspaceId = await workspaceOf(api, settings.workspace, signal);
  return api.makeDataset(datasetPlan({ name, workspaceId, labels, overlap, confidence }), signal);
}

async function workspaceOf(api: ArgillaApi, name: string, signal: AbortSignal): Promise<string> {
  const id = await api.workspace(name, signal);
  if (id !== null) return id;
  throw toolOutage(
    `${ARGILLA} has no workspace ${name} for the user of ARGILLA_API_KEY; make it, or set ARGILLA_WORKSPACE.`,
  );
}
