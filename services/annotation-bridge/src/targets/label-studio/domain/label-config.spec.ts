import { describe, expect, it } from 'vitest';
import { labelConfigFaults } from './label-config.ts';
import { dataKeys } from './outgoing-tasks.ts';

const keys = dataKeys(['channel']);
const text = '<Text name="text" value="$text"/>';
const choices = '<Choices name="label" toName="text" choice="single"><Choice value="billing"/></Choices>';
const view = (...inside: string[]) => `<View>${inside.join('')}</View>`;
const said = (config: string) => labelConfigFaults(config, keys).map(({ what, fix }) => `${what} → ${fix}`);

describe('labelConfigFaults', () => {
  it.each([
    ['a choice', view(text, choices)],
    [
      'every control whose answers are labels of ours',
      view(
        text,
        choices,
        '<Labels name="spans" toName="text"><Label value="ORG"/></Labels>',
        '<Rating name="sure" toName="text" maxRating="5"/>',
        '<Number name="number" toName="text" min="0" max="1"/>',
        '<TextArea name="note" toName="text"/>',
        '<Taxonomy name="tree" toName="text"><Choice value="a"><Choice value="b"/></Choice></Taxonomy>',
      ),
    ],
    [
      'a key of the ticket, style and layout',
      view('<!-- seen by us --><Style>.a { color: red }</Style>', '<Header value="$channel"/>', text, choices),
    ],
    [
      'a pair that is compared',
      view('<Text name="a" value="$text"/><Text name="b" value="$channel"/>', '<Pairwise name="p" toName="a,b"/>'),
    ],
    [
      'tags in lower case, as the server takes them',
      view('<text name="text" value="$text"/>', '<choices name="label" toName="text"><choice value="a"/></choices>'),
    ],
    ['another control beside one that we read', view(text, choices, '<DateTime name="when" toName="text"/>')],
  ])('finds nothing wrong with %s', (_name, config) => {
    expect(said(config)).toEqual([]);
  });

  it.each([
    ['what is no XML', '<View><Text</View>', ['the label config is no XML → write it again']],
    ['nothing', ' ', ['the label config is no XML']],
    [
      'a tag that does not exist',
      view(text, choices, '<Checkbox name="c" toName="text"/>'),
      ['<Checkbox> is no tag of Label Studio, and annotators would not see it → use <Choices choice="multiple">.'],
    ],
    [
      'a control about a control',
      view(
        text,
        '<TextArea name="note" toName="text"/>',
        '<Choices name="label" toName="note"><Choice value="a"/></Choices>',
      ),
      ['toName="note" of <Choices name="label"> names nothing that is shown → let it name one of: text.'],
    ],
    ['a control without a name', view(text, choices, '<Rating toName="text"/>'), ['a <Rating> has no name']],
    [
      'a variable that our tasks lack',
      view('<Text name="text" value="$body"/>', choices),
      [
        '<Text> shows $body, which no task of ours has → add it to LABEL_STUDIO_FIELDS, or use one of: $doc_id, $ticket_id,',
      ],
    ],
    [
      'two controls of one name',
      view(text, choices, '<Rating name="label" toName="text"/>'),
      ['two controls are called label'],
    ],
    ['no control', view(text), ['no control gives labels']],
    ['only controls nobody reads', view(text, '<Ranker name="r" toName="text"/>'), ['no control gives labels']],
  ])('says what is wrong with %s, and what mends it', (_name, config, expected) => {
    const found = said(config);
    expect(found).toHaveLength(expected.length);
    for (const [index, beginning] of expected.entries()) expect(found[index]!.startsWith(beginning)).toBe(true);
  });
});
