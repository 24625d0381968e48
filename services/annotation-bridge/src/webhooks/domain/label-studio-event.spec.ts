import { expect, it } from 'vitest';
import { sample } from '../../testing/samples.ts';
import { labelStudioHints } from './label-studio-event.ts';

it.each([
  ['webhook-delivery-annotation-created', { items: ['15'], answers: [] }],
  ['webhook-delivery-annotation-created-skipped', { items: ['16'], answers: [] }],
  ['webhook-delivery-annotation-updated', { items: ['15'], answers: [] }],
  ['webhook-delivery-annotations-created-bulk', { items: ['16'], answers: [] }],
  ['webhook-delivery-annotations-deleted', { items: [], answers: ['7'] }],
  ['webhook-delivery-tasks-deleted', { items: ['18'], answers: [] }],
  ['webhook-delivery-tasks-created', { items: [], answers: [] }],
  ['webhook-delivery-project-updated', { items: [], answers: [] }],
  ['webhook-delivery-no-payload', { items: [], answers: [] }],
])('%s says where to look', (name, expected) => {
  const { body } = sample('label-studio', name).request;
  expect(labelStudioHints(body, 1)).toEqual(expected);
  expect(labelStudioHints(body, 2)).toEqual({ items: [], answers: [] }); // of another project
});

it.each([
  null,
  [],
  'x',
  {},
  { action: 'ANNOTATION_CREATED' },
  { action: 'ANNOTATION_CREATED', task: { id: 'x' }, project: { id: 1 } },
])('says nothing where the event is none we know: %j', (body) => {
  expect(labelStudioHints(body, 1)).toEqual({ items: [], answers: [] });
});
