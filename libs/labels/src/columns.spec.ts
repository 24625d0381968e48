import { describe, expect, it } from 'vitest';
import { columnOf, countKnownColumns, matchColumns } from './columns.ts';

describe('columnOf', () => {
  it.each([
    ['UNIQUE_DOC_ID', 'doc_id'],
    ['unique doc id', 'doc_id'],
    ['documentId', 'doc_id'],
    ['external_id', 'doc_id'],
    ['TicketText', 'text'],
    ['ticket_text', 'text'],
    [' CONTENT ', 'text'],
    ['annotator', 'annotator_id'],
    ['completed_by', 'annotator_id'],
    ['user id', 'annotator_id'],
    ['worker', 'annotator_id'],
    ['annotator.email', 'annotator_id'],
    ['Label', 'label'],
    ['choice', 'label'],
    ['sentiment', 'label'],
    ['consensus_label', 'label'],
    ['LabelConfidence', 'confidence_score'],
    ['label_confidence', 'confidence_score'],
    ['score', 'confidence_score'],
    ['probability', 'confidence_score'],
    ['Annotated At', 'annotated_at'],
    ['field', 'field'],
  ])('reads %s as %s', (name, column) => {
    expect(columnOf(name)).toBe(column);
  });

  it('does not take the task number of Label Studio for a document', () => {
    expect(columnOf('id')).toBeUndefined();
    expect(columnOf('id', true)).toBe('doc_id');
  });
});

describe('matchColumns', () => {
  const needed = { isConfidenceNeeded: true };

  it('finds columns in any order and lets unknown ones stand', () => {
    const indexes = matchColumns(['note', 'Score', 'Label', 'worker', 'text'], needed);
    expect(indexes).toMatchObject({ text: 4, label: 2, annotator_id: 3, confidence_score: 1, doc_id: -1 });
  });

  it.each([
    [['a', 'b'], 'missing_header'],
    [['label', 'score'], 'missing_column:text'],
    [['text', 'score'], 'missing_column:label'],
    [['text', 'label'], 'missing_column:confidence_score'],
    [['text', 'label', 'Label', 'score'], 'duplicate_column:label'],
    [['text', 'label', 'score', 'confidence'], 'duplicate_column:confidence_score'],
    [['text', 'content', 'label', 'score'], 'duplicate_column:text'],
  ])('rejects %j', (names, reason) => {
    expect(matchColumns(names, needed)).toBe(reason);
  });

  it('needs no text where there is a doc_id, and no confidence where a setting says what that means', () => {
    expect(matchColumns(['doc_id', 'label'], { isConfidenceNeeded: false })).toMatchObject({ doc_id: 0, label: 1 });
  });

  it('takes id for the document in a file of Argilla only', () => {
    expect(matchColumns(['id', '_server_id', 'label', 'score'], needed)).toMatchObject({ doc_id: 0 });
    expect(matchColumns(['id', 'label', 'score'], needed)).toBe('missing_column:text');
  });
});

describe('countKnownColumns', () => {
  it('counts a column once, whatever its names', () => {
    expect(countKnownColumns(['text', 'content', 'label', 'else'])).toBe(2);
  });
});
