import { describe, expect, it } from 'vitest';
import { changeEventTables, tables } from '../contracts/tables.ts';
import { topics } from '../contracts/topics.ts';
import { changeEventTopics, connectorConfig } from './connector.ts';

const config = connectorConfig({
  databaseUrl: 'postgres://cdc:p%40ss@db.internal:6543/assay?sslmode=require',
  passwordReference: '${env:ASSAY_CDC_PASSWORD}',
  name: 'assay',
  heartbeatMs: 10_000,
  pollMs: 10,
  partitions: 8,
});

const listOf = (key: string) => config[key]!.split(',').map((pattern) => pattern.replaceAll('\\.', '.'));

describe('connectorConfig', () => {
  it('names exactly the tables of the contract', () => {
    expect(listOf('table.include.list')).toEqual(['public.documents', 'public.decisions']);
  });

  it('names exactly the columns of the contract', () => {
    const columns = changeEventTables.flatMap(({ schema, name, changeEvents }) =>
      changeEvents.columns.map((column) => `${schema}.${name}.${column}`),
    );
    expect(listOf('column.include.list')).toEqual(columns);
    expect(columns).toContain('public.documents.text');
  });

  it('sends nothing that tells where the raw ticket lies', () => {
    expect(tables.documents.columns).toHaveProperty('bronze_path');
    expect(JSON.stringify(config)).not.toContain('bronze');
  });

  it('writes each table to the topic of the contract, keyed by document', () => {
    const written = listOf('table.include.list').map((table) => `${config['topic.prefix']}.${table}`);
    expect(written).toEqual(changeEventTopics.map(({ name }) => name));
    expect(written).toEqual([topics.documentChanges.name, topics.decisionChanges.name]);
    expect(config['message.key.columns']).toBe('public.documents:doc_id;public.decisions:doc_id');
  });

  it('makes a topic that somebody deleted as large as it was', () => {
    for (const { retentionMs, maxMessageBytes } of [topics.documentChanges, topics.decisionChanges])
      expect(config).toMatchObject({
        'topic.creation.default.partitions': '8',
        'topic.creation.default.max.message.bytes': String(maxMessageBytes),
        'topic.creation.default.retention.ms': String(retentionMs),
      });
  });

  it('takes the address apart', () => {
    expect(config).toMatchObject({
      'database.hostname': 'db.internal',
      'database.port': '6543',
      'database.user': 'cdc',
      'database.dbname': 'assay',
      'database.sslmode': 'require',
    });
  });

  it('has a reference where the password would stand, and the password nowhere', () => {
    expect(config['database.password']).toBe('${env:ASSAY_CDC_PASSWORD}');
    expect(Object.values(config).filter((value) => /p@ss|p%40ss/.test(value))).toEqual([]);
  });

  it('leaves the publication to the migrations and survives a lost slot', () => {
    expect(config).toMatchObject({
      'publication.autocreate.mode': 'disabled',
      'publication.name': 'assay',
      'slot.name': 'assay',
      'snapshot.mode': 'when_needed',
    });
  });

  it('has only text values, as Kafka Connect wants them', () => {
    expect(Object.values(config).filter((value) => typeof value !== 'string')).toEqual([]);
  });
});
