import type { LabelKind } from '@assay/labels/label';
import { type LabelMessage, labelBounds, type RemovalMessage } from '@assay/shared/contracts/label-message';
import { postgresTextFault } from '@assay/shared/contracts/postgres-text';
import { z } from 'zod';

/**
 * What each kind of label looks like as JSON. Not whether key and JSON say the same: the bridge takes from both what no
 * table can hold, and a row must not be lost over a blank at its end.
 */
const valueSchemas: Readonly<Record<LabelKind, z.ZodType>> = {
  choice: z.string(),
  choices: z.array(z.string()).min(1),
  spans: z.array(z.object({ start: z.int(), end: z.int(), label: z.string().nullable() })),
  rating: z.number(),
  text: z.string(),
};

const INTEGER_MAX = 2 ** 31 - 1;

/**
 * Why a message that keeps its contract still cannot become a vote; null when it can. Every fault here would otherwise be
 * an exception in the middle of a batch, and the lane would meet the same message again after every start.
 */
export function faultOfLabel(message: LabelMessage): string | null {
  const unfit = findUnfitText('', message);
  if (unfit !== null) return `${unfit}: holds NUL or half of a surrogate pair, which no table can hold`;
  const tooLong = findTooLong(message);
  if (tooLong !== null) return tooLong;
  const beyond = findBeyond(message);
  if (beyond !== null) return beyond;
  const kind = message.label.slice(0, Math.max(0, message.label.indexOf(':')));
  if (!Object.hasOwn(valueSchemas, kind)) return 'label: does not begin with a kind of label';
  return valueSchemas[kind as LabelKind].safeParse(message.value).success ? null : `value: is not a label of its kind`;
}

/** The same of a row that is no longer in its file. */
export function faultOfRemoval(message: RemovalMessage): string | null {
  const unfit = findUnfitText('', message);
  if (unfit !== null) return `${unfit}: holds NUL or half of a surrogate pair, which no table can hold`;
  const max = labelBounds['origin.path'];
  if (Buffer.byteLength(message.origin.path) > max) return `origin.path: is longer than ${max} bytes of UTF-8`;
  return findBeyond(message);
}

function findBeyond({ origin: { row, generation } }: LabelMessage | RemovalMessage): string | null {
  if (row > INTEGER_MAX) return `origin.row: is above ${INTEGER_MAX}`;
  return generation > INTEGER_MAX ? `origin.generation: is above ${INTEGER_MAX}` : null;
}

/** What stands in an index as it is, or in every decision of its document. */
function findTooLong({ field, annotator_id, origin: { path, tool } }: LabelMessage): string | null {
  const texts = { field, annotator_id, 'origin.path': path, 'origin.tool': tool };
  for (const [name, max] of Object.entries(labelBounds)) {
    const text = texts[name as keyof typeof labelBounds];
    if (text !== null && Buffer.byteLength(text) > max) return `${name}: is longer than ${max} bytes of UTF-8`;
  }
  return null;
}

/** The path of the first text, or name, that Postgres would refuse. */
function findUnfitText(path: string, part: unknown): string | null {
  if (typeof part === 'string') return postgresTextFault(part) === null ? null : path;
  if (typeof part !== 'object' || part === null) return null;
  for (const [name, inner] of Object.entries(part)) {
    if (postgresTextFault(name) !== null) return path;
    const found = findUnfitText(path === '' ? name : `${path}.${name}`, inner);
    if (found !== null) return found;
  }
  return null;
}
