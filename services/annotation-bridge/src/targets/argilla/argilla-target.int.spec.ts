import { describe } from 'vitest';
import { LEFT_OUT, realArgilla, realArgillaWorkspace } from '../../testing/argilla/argilla-under-test.ts';
import { describeArgilla } from './argilla.contract.ts';

describe.skipIf(realArgilla() === null)(`on a running server ${realArgilla() === null ? LEFT_OUT : ''}`, () => {
  describeArgilla('a real Argilla', realArgillaWorkspace);
});
