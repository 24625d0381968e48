import { describe, expect, it } from 'vitest';
import { datasetFault, datasetPlan } from './dataset.ts';

const good = {
  status: 'ready',
  allow_extra_metadata: true,
  fields: [{ name: 'text', required: true, settings: { type: 'text' } }],
  questions: [{}],
};

describe('datasetFault', () => {
  it.each([
    ['a draft', { ...good, status: 'draft' }, 'not published'],
    ['no text', { ...good, fields: [] }, 'no text field called `text`'],
    [
      'a text that is an image',
      { ...good, fields: [{ name: 'text', required: true, settings: { type: 'image' } }] },
      'no text field',
    ],
    [
      'another field that must be there',
      { ...good, fields: [...good.fields, { name: 'title', required: true, settings: { type: 'text' } }] },
      'wants a field `title`',
    ],
    ['no question', { ...good, questions: [] }, 'no question'],
    ['no room for metadata', { ...good, allow_extra_metadata: false }, 'allows no extra metadata'],
  ])('finds %s', (_name, found, fault) => {
    expect(datasetFault(found)).toContain(fault);
  });

  it('finds nothing wrong with one that takes our records', () => {
    expect(datasetFault(good)).toBeNull();
  });
});

describe('datasetPlan', () => {
  const wishes = { name: 'tickets', workspaceId: 'w', labels: ['a', 'b'], overlap: 2, confidence: undefined };

  it('asks for a label, and of as many people as the settings say', () => {
    const { dataset, questions } = datasetPlan(wishes);
    expect(dataset).toMatchObject({ distribution: { min_submitted: 2 } });
    expect(questions).toMatchObject([
      { name: 'label', settings: { options: [{ value: 'a' }, { value: 'b' }], visible_options: null } },
    ]);
  });

  it('asks how sure somebody is where a question is named for it, up to what Argilla takes', () => {
    const { questions } = datasetPlan({ ...wishes, confidence: { name: 'sure', scale: 10 } });
    expect(questions[1]).toMatchObject({ name: 'sure', required: false });
    expect((questions[1] as { settings: { options: object[] } }).settings.options).toHaveLength(11);
  });

  it('shows all of many labels at once', () => {
    const { questions } = datasetPlan({ ...wishes, labels: ['a', 'b', 'c', 'd'] });
    expect(questions).toMatchObject([{ settings: { visible_options: 4 } }]);
  });
});
