import { type Environment, readConfig } from '@assay/shared/config/read-config';
import { z } from 'zod';
import { argillaFields } from '../targets/argilla/settings.ts';
import { labelStudioFields } from '../targets/label-studio/settings.ts';

/** The settings of a tool alone: whoever asks the doctor need not have the rest of the bridge's. */
export const readLabelStudioConfig = (environment: Environment = process.env) =>
  readConfig(z.object(labelStudioFields), environment);

export const readArgillaConfig = (environment: Environment = process.env) =>
  readConfig(z.object(argillaFields), environment);
