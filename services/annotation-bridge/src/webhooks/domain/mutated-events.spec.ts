import { mutatedContent } from '@assay/labels/testing/mutated-content';
import { describe, expect, it } from 'vitest';
import { sample } from '../../testing/samples.ts';
import type { Hints } from '../webhook-receiver.ts';
import { argillaHints } from './argilla-event.ts';
import { labelStudioHints } from './label-studio-event.ts';

/** `npm test -- long` takes 100,000. */
const RUNS = Number(process.env['ASSAY_MUTATIONS'] ?? 500);

const event = Buffer.from(
  JSON.stringify(sample('label-studio', 'webhook-delivery-annotations-created-bulk').request.body),
);
const record = { id: 'r1', dataset: { name: 'tickets', workspace: { name: 'assay' } } };
const response = Buffer.from(JSON.stringify({ type: 'response.created', data: { id: 'a1', record } }));

/** What the door answers 400 to is undefined here. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}

const isHint = ({ items, answers }: Hints): boolean => [...items, ...answers].every((id) => typeof id === 'string');

describe('webhooks that something happened to', { timeout: 60_000 + RUNS * 10 }, () => {
  it(`${RUNS} of each tool say where to look, or nothing`, () => {
    const faulty: number[] = [];
    for (let seed = 0; seed < RUNS; seed++) {
      const fromLabelStudio = labelStudioHints(parsed(mutatedContent(event, seed)), 1);
      const fromArgilla = argillaHints(parsed(mutatedContent(response, seed)), { workspace: 'assay', name: 'tickets' });
      if (!isHint(fromLabelStudio) || !isHint(fromArgilla)) faulty.push(seed);
    }
    expect(faulty).toEqual([]);
  });
});
