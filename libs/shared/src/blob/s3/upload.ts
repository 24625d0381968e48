import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { MIB } from '../../contracts/units.ts';
import type { Content, Metadata } from '../blob-store.ts';
import { blocksOf } from '../blocks.ts';
import { attempt, hasStatus, orNull } from './request.ts';

/** S3 takes no part below 5 MiB but the last, and 10,000 parts: 78 GiB. */
const PART_BYTES = 8 * MIB;

export interface Upload {
  readonly doing: string;
  readonly deadlineMs: number;
  readonly client: S3Client;
  readonly at: { readonly Bucket: string; readonly Key: string };
  readonly metadata: Metadata;
  /** Whether what stands there already may be replaced. */
  readonly mayReplace: boolean;
}

interface Part {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
}

/**
 * Small contents go in one request. Larger ones are sent part by part and appear all at once when the upload is completed. A
 * writer that dies before leaves parts that nobody sees; a rule of the bucket drops them (AbortIncompleteMultipartUpload).
 */
export async function upload(to: Upload, content: Content): Promise<'created' | 'exists'> {
  const blocks = blocksOf(content, PART_BYTES);
  try {
    const first = (await blocks.next()).value ?? new Uint8Array();
    const second = await blocks.next();
    if (second.done === true) return await putWhole(to, first);
    // Asked before gigabytes are sent: most often somebody was first, a try that was interrupted.
    if (!to.mayReplace && (await isThere(to))) return 'exists';
    return await putParts(to, first, second.value, blocks);
  } finally {
    await blocks.return(undefined); // lets go of the source when we gave up before its end
  }
}

const putWhole = (to: Upload, Body: Uint8Array): Promise<'created' | 'exists'> =>
  appear(to, (abortSignal) =>
    to.client.send(
      new PutObjectCommand({
        ...to.at,
        ...conditions(to),
        Body,
        ContentLength: Body.byteLength,
        Metadata: { ...to.metadata },
      }),
      { abortSignal },
    ),
  );

async function putParts(
  to: Upload,
  first: Uint8Array,
  second: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): Promise<'created' | 'exists'> {
  const { doing, deadlineMs, client, at, metadata } = to;
  const { UploadId } = await attempt(doing, deadlineMs, (abortSignal) =>
    client.send(new CreateMultipartUploadCommand({ ...at, Metadata: { ...metadata } }), { abortSignal }),
  );
  const upload = { ...at, UploadId };
  const drop = () =>
    attempt(doing, deadlineMs, (abortSignal) => client.send(new AbortMultipartUploadCommand(upload), { abortSignal }));
  try {
    const Parts: Part[] = [];
    const send = async (Body: Uint8Array) => {
      const PartNumber = Parts.length + 1;
      const { ETag } = await attempt(doing, deadlineMs, (abortSignal) =>
        client.send(new UploadPartCommand({ ...upload, PartNumber, Body, ContentLength: Body.byteLength }), {
          abortSignal,
        }),
      );
      Parts.push({ PartNumber, ETag });
    };
    await send(first);
    await send(second);
    for await (const block of rest) await send(block);
    const result = await appear(to, (abortSignal) =>
      client.send(new CompleteMultipartUploadCommand({ ...upload, ...conditions(to), MultipartUpload: { Parts } }), {
        abortSignal,
      }),
    );
    if (result === 'exists') await drop();
    return result;
  } catch (error) {
    // The parts are of no use to anybody; why they are not is what the caller must hear.
    await drop().catch(() => {});
    throw error;
  }
}

const isThere = ({ doing, deadlineMs, client, at }: Upload): Promise<boolean> =>
  attempt(doing, deadlineMs, async (abortSignal) => {
    const found = await orNull(() => client.send(new HeadObjectCommand(at), { abortSignal }), 404);
    return found !== null;
  });

const conditions = ({ mayReplace }: Upload) => (mayReplace ? {} : { IfNoneMatch: '*' });

/** 412 says that another content stands there; 409 that another writer came in between, who may be done by now. */
const appear = (to: Upload, request: (signal: AbortSignal) => Promise<unknown>): Promise<'created' | 'exists'> =>
  attempt(to.doing, to.deadlineMs, async (abortSignal) => {
    try {
      await request(abortSignal);
      return 'created';
    } catch (error) {
      if (!to.mayReplace && (hasStatus(error, 412) || (hasStatus(error, 409) && (await isThere(to))))) return 'exists';
      throw error;
    }
  });
