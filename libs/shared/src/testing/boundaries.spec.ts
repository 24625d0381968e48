import { beforeAll, describe, expect, it } from 'vitest';
import { boundaries, importsOf, isPure } from './boundaries.ts';
import { readSourceTree, sourceFolders, type SourceFile } from './source-tree.ts';

let files: readonly SourceFile[];
beforeAll(async () => {
  const all = await readSourceTree(sourceFolders);
  files = all.filter(({ path }) => !path.endsWith('/boundaries.spec.ts')); // the examples below break every rule
});

describe('the boundaries', () => {
  it.each(boundaries)('$name', ({ faultsOf }) => {
    expect(files.flatMap(faultsOf)).toEqual([]);
  });

  it('are looked for in real files', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter(({ path }) => isPure(path)).length).toBeGreaterThan(20);
  });
});

/** Each rule, and a file that breaks it: a rule that cannot fail protects nothing. */
describe('a rule finds what breaks it', () => {
  it.each([
    ['a private member is a #member', 'libs/pii/src/x.ts', 'class A {\n  private readonly a = 1;\n}'],
    ['a number or a pattern that a module fixes is in capitals', 'libs/pii/src/x.ts', 'export const most = 12 * KIB;'],
    ['a number or a pattern that a module fixes is in capitals', 'tools/src/x.ts', 'const blank = /^\\s*$/u;'],
    [
      'services, programs and libs import no service',
      'services/ingest/src/x.ts',
      "import { a } from '@assay/output/domain/a';",
    ],
    [
      'services, programs and libs import no service',
      'apps/validate/src/x.ts',
      "import { a } from '@assay/quality-validator/votes/domain/a';",
    ],
    [
      'a relative import stays inside its package',
      'services/ingest/src/x.ts',
      "import { a } from '../../output/src/a.ts';",
    ],
    ['a relative import stays inside its package', 'e2e/x.e2e.spec.ts', "export * from '../libs/pii/src/masker.ts';"],
    [
      'pure code imports no framework and no IO',
      'services/ingest/src/domain/x.ts',
      "import { Injectable } from '@nestjs/common';",
    ],
    [
      'pure code imports no framework and no IO',
      'libs/pii/src/rules/x.ts',
      "import { readFile } from 'node:fs/promises';",
    ],
    ['pure code imports no framework and no IO', 'libs/labels/src/x.ts', "const pg = await import('pg');"],
    ['pure code asks no clock, no chance and no environment', 'libs/agreement/src/x.ts', 'const now = Date.now();'],
    [
      'pure code asks no clock, no chance and no environment',
      'services/output/src/domain/x.ts',
      'const at = new Date();',
    ],
    [
      'pure code asks no clock, no chance and no environment',
      'services/output/src/domain/x.ts',
      'if (process.env.X) {}',
    ],
    [
      'layers of libs/shared import only leftwards',
      'libs/shared/src/contracts/x.ts',
      "import { a } from '../pipeline/a.ts';",
    ],
    [
      'layers of libs/shared import only leftwards',
      'libs/shared/src/kafka/x.ts',
      "import { a } from '../postgres/a.ts';",
    ],
    [
      'layers of libs/shared import only leftwards',
      'libs/shared/src/pipeline/x.ts',
      "import type { A } from '../bootstrap/a.ts';",
    ],
    [
      'layers of libs/shared import only leftwards',
      'libs/shared/src/contracts/tables/x.ts',
      "import { a } from '../../errors/codes.ts';",
    ],
    ['every folder of libs/shared has a layer', 'libs/shared/src/utils/x.ts', ''],
    [
      'only tests import what is there for tests',
      'libs/shared/src/kafka/x.ts',
      "import { a } from '../testing/fake-broker.ts';",
    ],
    [
      'only tests import what is there for tests',
      'services/ingest/src/x.ts',
      "import { a } from '@assay/shared/testing/lane-bed';",
    ],
    [
      'only tests import what is there for tests',
      'libs/shared/src/blob/x.ts',
      "import { a } from './blob-store.contract.ts';",
    ],
    ['a driver lives in one folder', 'services/ingest/src/http/x.ts', "import { Kafka } from 'kafkajs';"],
    ['a driver lives in one folder', 'services/ingest/src/http/x.ts', "import type { Producer } from 'kafkajs';"],
    ['a driver lives in one folder', 'services/ingest/src/http/x.spec.ts', "import { Kafka } from 'kafkajs';"],
    ['a driver lives in one folder', 'libs/shared/src/bootstrap/x.ts', "import type { Kafka } from 'kafkajs';"],
    ['a driver lives in one folder', 'libs/shared/src/testing/x.ts', "import kafkajs from 'kafkajs';"],
    ['a driver lives in one folder', 'libs/shared/src/pipeline/x.spec.ts', "import kafkajs from 'kafkajs';"],
    [
      'a driver lives in one folder',
      'libs/shared/src/testing/x.ts',
      "const batch = createRequire(import.meta.url)('kafkajs/src/consumer/batch');",
    ],
    ['a driver lives in one folder', 'apps/validate/src/x.ts', "import { Kafka } from 'kafkajs';"],
    ['a driver lives in one folder', 'libs/shared/src/kafka/x.ts', "import pg from 'pg';"],
    ['a driver lives in one folder', 'services/ingest/src/testing/x.ts', "import type pg from 'pg';"],
    [
      'a driver lives in one folder',
      'services/annotation-bridge/src/intake/x.ts',
      "import { RestError } from '@azure/storage-blob';",
    ],
    ['the pipeline uses no library', 'libs/shared/src/pipeline/x.ts', "import { Kafka } from '@platformatic/kafka';"],
    ['the pipeline uses no library', 'libs/shared/src/pipeline/x.ts', "import type { Logger } from 'pino';"],
    [
      'layers of libs/shared import only leftwards',
      'libs/shared/src/pipeline/x.ts',
      "import { a } from '../kafka/a.ts';",
    ],
    [
      'layers of libs/shared import only leftwards',
      'libs/shared/src/pipeline/x.ts',
      "import type { Statement } from '../postgres/statement.ts';",
    ],
    ['layers of libs/shared import only leftwards', 'libs/shared/src/blob/x.ts', "import { a } from '../cdc/a.ts';"],
    [
      'layers of libs/shared import only leftwards',
      'libs/shared/src/cdc/x.ts',
      "import { a } from '../bootstrap/a.ts';",
    ],
    [
      'a driver lives in one folder',
      'services/output/src/http/x.ts',
      "import { BlobServiceClient } from '@azure/storage-blob';",
    ],
  ])('%s: %s with %s', (name, path, text) => {
    const rule = boundaries.find((boundary) => boundary.name === name)!;
    expect(rule.faultsOf({ path, text })).toHaveLength(1);
  });

  it.each([
    ['services/ingest/src/x.ts', "import { a } from '@assay/shared/kafka/a';\nimport { b } from './domain/b.ts';"],
    ['services/ingest/src/domain/x.ts', "import { createHash } from 'node:crypto';\nconst day = new Date(given);"],
    ['services/ingest/src/domain/x.spec.ts', "import { readFile } from 'node:fs/promises';"],
    ['libs/pii/src/cli/x.ts', "import { readFile } from 'node:fs/promises';"],
    ['libs/shared/src/kafka/x.ts', "import { a } from '../pipeline/a.ts';\nimport { b } from './b.ts';"],
    ['libs/shared/src/kafka/x.spec.ts', "import { a } from '../testing/fake-broker.ts';"],
    ['libs/shared/src/kafka/testing/x.ts', "import kafkajs from 'kafkajs';"],
    ['libs/shared/src/pipeline/x.ts', "import { createHash } from 'node:crypto';\nimport { a } from './a.ts';"],
    ['e2e/support/x.ts', "import { Kafka } from 'kafkajs';"],
    ['tools/src/start/x.ts', "import type { Admin } from 'kafkajs';"],
  ])('and leaves alone what breaks none: %s', (path, text) => {
    expect(boundaries.flatMap(({ faultsOf }) => faultsOf({ path, text }))).toEqual([]);
  });
});

describe('the imports of a file', () => {
  it('are found in every form', () => {
    const text = [
      "import a from 'one';",
      "import type { B } from 'two';",
      'import {',
      '  c,',
      "} from 'three';",
      "import 'four';",
      "export * from 'five';",
      "export { d } from 'six';",
      "const e = await import('seven');",
      "const g = createRequire(import.meta.url)('eight') as G;",
      "const text = `import f from 'not this'`;",
    ].join('\n');
    expect(importsOf(text).map(({ from }) => from)).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
      'six',
      'seven',
      'eight',
    ]);
  });
});
