import { fakeArgillaWorkspace } from '../../testing/argilla/argilla-under-test.ts';
import { describeArgilla } from './argilla.contract.ts';

describeArgilla('a fake Argilla', fakeArgillaWorkspace);
