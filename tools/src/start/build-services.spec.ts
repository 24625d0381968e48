import { expect, it } from 'vitest';
import { endOfBuild } from './build-services.ts';

it('shows what the compiler said, not what npm says about it', () => {
  const output = 'libs/a.ts(1,2): error TS1: no\n\nnpm error code 1\nnpm error path x\n NX  failed\n';
  expect(endOfBuild(output)).toBe('libs/a.ts(1,2): error TS1: no\n NX  failed');
});
