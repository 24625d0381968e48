import { type DoorFlow, doorFlow } from '@assay/shared/bootstrap/flows';
import type { More } from '@assay/shared/bootstrap/worker';
import type { LabelIntake } from '../label-intake.ts';
import { LabelFilesController, TOLD_FILES } from './label-files.controller.ts';
import { labelFilesApi } from './label-files.openapi.ts';
import type { ToldFiles } from './told-files.ts';

export const labelFilesDoor = (told: ToldFiles): DoorFlow =>
  doorFlow(LabelFilesController, [{ provide: TOLD_FILES, useValue: told }], labelFilesApi());

/** Rounds of the intake: files that somebody told of at once, and the whole container now and then. */
export function intakeRounds(intake: Pick<LabelIntake, 'round'>, told: ToldFiles, everyMs: number) {
  let nextLookAt = 0;
  return async (stopping: AbortSignal): Promise<More> => {
    for (const path of told.take()) await intake.round(stopping, path);
    const now = performance.now();
    if (now < nextLookAt) return nextLookAt - now;
    const found = await intake.round(stopping);
    // While there is something new, another look follows at once: an outage or a file in the making ends that.
    nextLookAt = found ? 0 : performance.now() + everyMs;
    return found;
  };
}
