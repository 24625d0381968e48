import { createMemoryBlobStore } from '../testing/memory-blob-store.ts';
import { describeBlobStore } from './blob-store.contract.ts';

describeBlobStore('memory', async () => createMemoryBlobStore());
