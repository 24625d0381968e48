import { annotationBridgeConfigSchema } from '@assay/annotation-bridge/config';
import { consoleConfigSchema } from '@assay/console/config';
import { ingestConfigSchema } from '@assay/ingest/config';
import { outputConfigSchema } from '@assay/output/config';
import { validatorConfigSchema } from '@assay/quality-validator/config';
import { groupIdOf, lanes } from '@assay/shared/contracts/lanes';
import { metrics } from '@assay/shared/contracts/metrics';
import { tables } from '@assay/shared/contracts/tables';
import type { TableContract } from '@assay/shared/contracts/tables/table-contract';
import { type TopicContract, topics } from '@assay/shared/contracts/topics';
import { errorCodes } from '@assay/shared/errors/codes';
import type { SourceFile } from '@assay/shared/testing/source-tree';
import { z } from 'zod';
import { type FolderImports, folderImportsOf } from './folder-imports.ts';

/** A page of docs/reference by its file name. Everything on it comes from the code that runs. */
export type Reference = Readonly<Record<string, string>>;

const NOTE = '<!-- Generated from the code by `npm run docs`. Do not edit: a test compares it. -->';

export const configSchemas: Readonly<Record<string, z.ZodObject>> = {
  ingest: ingestConfigSchema,
  'annotation-bridge': annotationBridgeConfigSchema,
  'quality-validator': validatorConfigSchema,
  output: outputConfigSchema,
  console: consoleConfigSchema,
};

/** `files` are those of the whole tree. */
export function renderReference(files: readonly SourceFile[]): Reference {
  return {
    'config.md': page('Settings', configPage()),
    'errors.md': page('Error codes', errorsPage()),
    'imports.md': page('Which folder imports which', importsPage(folderImportsOf(files))),
    'metrics.md': page('Metrics', metricsPage()),
    'tables.md': page('Tables', tablesPage()),
    'topics.md': page('Topics and lanes', topicsPage()),
  };
}

const page = (title: string, body: string): string => `# ${title}\n\n${NOTE}\n\n${body.trim()}\n`;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** The packages that a folder of our code lies in, each with what its folders take from where. */
function importsPage(imports: FolderImports): string {
  const arrows = [...imports.values()].reduce((sum, { size }) => sum + size, 0);
  const intro = `${imports.size} folders, ${arrows} arrows between them, tests left out. No file imports in a circle (lint). What may import what is held by \`libs/shared/src/testing/boundaries.ts\`.`;
  const rows = [...imports].map(([folder, targets]) => [folder, [...targets].toSorted().join(' · ')]);
  return `${intro}\n\n${table(
    ['folder', 'imports from'],
    rows.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  )}`;
}

interface JsonField {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly secret?: boolean;
}

function configPage(): string {
  const intro =
    'Read from the environment once, at boot. All problems are reported together; values never are. `<NAME>_FILE` names a file that holds the value.';
  const services = Object.entries(configSchemas).map(([service, schema]) => {
    const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
    const rows = Object.entries(properties as Record<string, JsonField>).map(([name, field]) => [
      `\`${name}\``,
      required.includes(name) ? 'required' : field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``,
      `${field.description ?? ''}${field.enum ? ` One of: ${field.enum.join(', ')}.` : ''}${field.secret ? ' **Secret.**' : ''}`,
    ]);
    return `## ${service}\n\n${table(['variable', 'default', 'meaning'], rows)}`;
  });
  return [intro, ...services].join('\n\n');
}

const errorsPage = (): string =>
  table(
    ['code', 'tried again', 'meaning', 'what to do'],
    Object.entries(errorCodes).map(([code, { retriable, meaning, action }]) => [
      `\`${code}\``,
      retriable ? 'yes' : 'no',
      meaning,
      action,
    ]),
  );

const metricsPage = (): string =>
  table(
    ['metric', 'labels', 'meaning'],
    Object.values(metrics).map(({ name, labels, help }) => [`\`${name}\``, labels.join(', '), help]),
  );

function tablesPage(): string {
  return Object.values<TableContract>(tables)
    .map(({ schema, name, purpose, owner, primaryKey, columns, changeEvents }) => {
      const sent = new Set(changeEvents?.columns);
      const rows = Object.entries(columns).map(([column, meaning]) => [
        `\`${column}\`${primaryKey.includes(column) ? ' (key)' : ''}`,
        meaning,
        sent.has(column) ? 'yes' : '',
      ]);
      return `## ${schema}.${name}\n\n${purpose} Written by: ${owner}.\n\n${table(['column', 'meaning', 'sent by Debezium'], rows)}`;
    })
    .join('\n\n');
}

function topicsPage(): string {
  const topicRows = Object.values<TopicContract>(topics).map((topic) => [
    `\`${topic.name}\``,
    topic.owner,
    topic.consumers.join(', '),
    topic.key,
    topic.value,
    `${topic.retentionMs / 86_400_000} days`,
    `${topic.maxMessageBytes / 1024} KiB`,
    topic.cleanupPolicy,
  ]);
  const laneRows = Object.values(lanes).map((lane) => [
    `\`${groupIdOf(lane)}\``,
    lane.service,
    `\`${lane.topic.name}\``,
    `\`${lane.deadLetters.name}\``,
  ]);
  const head = ['topic', 'written by', 'read by', 'key', 'value', 'retention', 'largest message', 'cleanup'];
  return [
    'Services create missing topics at boot, or refuse to start without them (`KAFKA_TOPIC_PROVISIONING`). All have the number of partitions the installation has chosen ([partitions](../partitions.md)).',
    table(head, topicRows),
    '## Lanes\n\nA lane is one consumer group reading one topic.',
    table(['group', 'service', 'reads', 'dead letters'], laneRows),
  ].join('\n\n');
}
