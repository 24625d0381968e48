import { describe } from 'vitest';
import {
  LEFT_OUT,
  realLabelStudio,
  realLabelStudioProject,
} from '../../testing/label-studio/label-studio-under-test.ts';
import { describeLabelStudio } from './label-studio.contract.ts';

describe.skipIf(realLabelStudio() === null)(`on a running server ${realLabelStudio() === null ? LEFT_OUT : ''}`, () => {
  describeLabelStudio('a real Label Studio', realLabelStudioProject);
});
