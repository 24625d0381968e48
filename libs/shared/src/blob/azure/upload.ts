import { randomUUID } from 'node:crypto';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { blocksOf } from '../blocks.ts';
import type { Content, Metadata } from '../blob-store.ts';
import { attempt, hasStatus, withContainer } from './request.ts';

/** As much as one request carries; it must be through before its deadline, over a slow line too. */
const BLOCK_BYTES = 4 * 1024 * 1024;

export interface Upload {
  readonly doing: string;
  readonly deadlineMs: number;
  readonly container: ContainerClient;
  readonly blob: BlockBlobClient;
  readonly metadata: Metadata;
  /** Whether what stands there already may be replaced. */
  readonly mayReplace: boolean;
}

/**
 * Small contents go in one request. Larger ones are staged block by block and appear all at once when the list of blocks is
 * committed; a writer that ends before leaves blocks that nobody sees and that Azure drops after a week.
 */
export async function upload(to: Upload, content: Content): Promise<'created' | 'exists'> {
  const blocks = blocksOf(content, BLOCK_BYTES);
  try {
    return await uploadBlocks(to, blocks);
  } finally {
    await blocks.return(undefined); // lets go of the source when we gave up before its end
  }
}

async function uploadBlocks(to: Upload, blocks: AsyncGenerator<Uint8Array, undefined>): Promise<'created' | 'exists'> {
  const first = (await blocks.next()).value ?? new Uint8Array();
  let next = await blocks.next();
  if (next.done === true) return appear(to, (signal) => putWhole(to, first, signal));

  // Blocks are told apart by their id within the blob, also those of another writer who is at work on the same name.
  const writer = randomUUID();
  const ids: string[] = [];
  const stage = async (block: Uint8Array) => {
    const id = Buffer.from(`${writer}-${String(ids.length).padStart(6, '0')}`).toString('base64');
    ids.push(id);
    await attempt(to.doing, to.deadlineMs, (abortSignal) =>
      withContainer(to.container, abortSignal, () => to.blob.stageBlock(id, block, block.byteLength, { abortSignal })),
    );
  };
  await stage(first);
  for (; next.done !== true; next = await blocks.next()) await stage(next.value);
  return appear(to, (abortSignal) => to.blob.commitBlockList(ids, { ...optionsOf(to), abortSignal }));
}

const putWhole = (to: Upload, bytes: Uint8Array, abortSignal: AbortSignal) =>
  withContainer(to.container, abortSignal, () =>
    to.blob.upload(bytes, bytes.byteLength, { ...optionsOf(to), abortSignal }),
  );

const optionsOf = ({ metadata, mayReplace }: Upload) => ({
  metadata: { ...metadata },
  ...(mayReplace ? {} : { conditions: { ifNoneMatch: '*' } }),
});

const appear = (
  { doing, deadlineMs, mayReplace, blob }: Upload,
  request: (signal: AbortSignal) => Promise<unknown>,
): Promise<'created' | 'exists'> =>
  attempt(doing, deadlineMs, async (signal) => {
    try {
      await request(signal);
      return 'created';
    } catch (error) {
      if (!mayReplace && hasStatus(error, 409, 412)) return 'exists';
      // Whoever commits first takes the staged blocks of everybody else away.
      if (!mayReplace && hasStatus(error, 400) && (await blob.exists({ abortSignal: signal }))) return 'exists';
      throw error;
    }
  });
