import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { AnnotationBridgeConfig } from '../config.ts';
import { argillaTarget } from './argilla/argilla-target.ts';
import { filesTarget } from './files/files-target.ts';
import { labelStudioTarget } from './label-studio/label-studio-target.ts';
import type { Target, TargetKind } from './target.ts';

/** Every kind of target. To add one: a folder beside this file and a line here. */
export const targetKinds: readonly TargetKind[] = [filesTarget, labelStudioTarget, argillaTarget];

/** The targets that the settings ask for, in that order. */
export async function openTargets(config: AnnotationBridgeConfig, kinds = targetKinds): Promise<readonly Target[]> {
  const named = config.ANNOTATION_BRIDGE_TARGETS.map((name) => {
    const kind = kinds.find((one) => one.name === name);
    if (kind !== undefined) return kind;
    const known = kinds.map((one) => one.name).join(', ');
    throw new PipelineError('CONFIG_INVALID', `ANNOTATION_BRIDGE_TARGETS names "${name}"; there are: ${known}`);
  });
  return Promise.all(named.map((kind) => kind.open(config)));
}
