import { posix } from 'node:path';
import { isTestSource, type SourceFile } from './source-tree.ts';

/** `file: what it does that it must not`. */
type Fault = string;

export interface Boundary {
  readonly name: string;
  readonly faultsOf: (file: SourceFile) => readonly Fault[];
}

interface Import {
  readonly from: string;
}

/** What a file imports or re-exports, statically or not. */
export function importsOf(text: string): readonly Import[] {
  const statements = text.matchAll(
    /(?:^|[\n;])\s*(?:import|export)\s+(?:type\s)?(?:[^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|\bcreateRequire\(import\.meta\.url\)\(\s*['"]([^'"]+)['"]/g,
  );
  return Array.from(statements, ([, from, dynamic, required]) => ({ from: (from ?? dynamic ?? required)! }));
}

/** libs/shared, services/ingest, tools: the folder a package.json stands in. */
export const packageOf = (path: string): string =>
  path
    .split('/')
    .slice(0, /^(libs|apps|services)\//.test(path) ? 2 : 1)
    .join('/');

/** A rule about what may be imported, as a predicate of the importing file and the import. */
const imports =
  (isFault: (file: SourceFile, one: Import) => boolean) =>
  (file: SourceFile): readonly Fault[] =>
    importsOf(file.text)
      .filter((one) => isFault(file, one))
      .map(({ from }) => `${file.path} imports ${from}`);

const targetOf = (path: string, from: string): string => posix.join(posix.dirname(path), from);

const SERVICE_PACKAGE = /^@assay\/(ingest|annotation-bridge|quality-validator|output|console)\//;

const servicesApart: Boundary = {
  name: 'services, programs and libs import no service',
  faultsOf: imports(({ path }, { from }) => /^(services|apps|libs)\//.test(path) && SERVICE_PACKAGE.test(from)),
};

const packagesApart: Boundary = {
  name: 'a relative import stays inside its package',
  faultsOf: imports(
    ({ path }, { from }) => from.startsWith('.') && packageOf(targetOf(path, from)) !== packageOf(path),
  ),
};

/** Where nothing but values go in and out: the domain of a service, and the libraries of pure functions. */
export const isPure = (path: string): boolean =>
  !isTestSource(path) &&
  (/^services\/[^/]+\/src\/(?:[^/]+\/)*domain\//.test(path) ||
    (/^libs\/(pii|labels|agreement)\/src\//.test(path) && !/\/(cli|adapters)\//.test(path)));

const IO_MODULE =
  /^(@nestjs\/|kafkajs$|pg$|pino$|prom-client$|@azure\/|@aws-sdk\/|node:(fs|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|cluster|process|os|timers)(\/|$))/;

const pureImports: Boundary = {
  name: 'pure code imports no framework and no IO',
  faultsOf: imports(({ path }, { from }) => isPure(path) && IO_MODULE.test(from)),
};

const AMBIENT =
  /\bDate\.now\(|\bMath\.random\(|\bprocess\.env\b|\bnew Date\(\)|\bperformance\.now\(|\brandomUUID\(|\brandomBytes\(/g;

const pureCalls: Boundary = {
  name: 'pure code asks no clock, no chance and no environment',
  faultsOf: ({ path, text }) =>
    isPure(path) ? Array.from(text.matchAll(AMBIENT), ([call]) => `${path} uses ${call}`) : [],
};

/** From left to right. A folder of libs/shared imports only from folders further left. */
const LAYERS: readonly (readonly string[])[] = [
  ['contracts', 'errors'],
  ['pipeline', 'config'],
  ['kafka', 'postgres', 'blob', 'observability', 'http'],
  ['cdc', 'dead-letters'],
  ['bootstrap', 'cli'],
];

const layerOf = (path: string): number => {
  const folder = /^libs\/shared\/src\/([^/]+)\//.exec(path)?.[1];
  return LAYERS.findIndex((layer) => folder !== undefined && layer.includes(folder));
};
const folderOf = (path: string): string => posix.dirname(path).split('/').slice(0, 4).join('/');

const layersPointLeft: Boundary = {
  name: 'layers of libs/shared import only leftwards',
  faultsOf: imports(({ path }, { from }) => {
    if (isTestSource(path) || !path.startsWith('libs/shared/src/') || !from.startsWith('.')) return false;
    const target = targetOf(path, from);
    return folderOf(target) !== folderOf(path) && layerOf(target) >= layerOf(path);
  }),
};

const everyFolderHasALayer: Boundary = {
  name: 'every folder of libs/shared has a layer',
  faultsOf: ({ path }) =>
    path.startsWith('libs/shared/src/') && !isTestSource(path) && layerOf(path) === -1
      ? [`${path} is in no layer`]
      : [],
};

const testingForTests: Boundary = {
  name: 'only tests import what is there for tests',
  faultsOf: imports(({ path }, { from }) => {
    const target = from.startsWith('.') ? targetOf(path, from) : from;
    return !isTestSource(path) && !servesTests(path) && isTestSource(target);
  }),
};
/** What starts the infrastructure for tests, and what measures with their harness. */
const servesTests = (path: string): boolean => path.startsWith('tools/') || path.startsWith('bench/');

/** The one folder that knows a driver, so that it can be replaced. Nobody else names it: no type of it, and no test either. */
const DRIVERS: Readonly<Record<string, RegExp>> = {
  kafkajs: /^libs\/shared\/src\/kafka\//,
  '@azure/storage-blob': /^libs\/shared\/src\/blob\/azure\//,
  '@azure/identity': /^libs\/shared\/src\/(blob\/azure|kafka)\//,
  '@aws-sdk/client-s3': /^libs\/shared\/src\/blob\/s3\//,
  // Specs look into tables that no role of ours may read.
  pg: /^libs\/shared\/src\/(postgres\/|testing\/test-database\.ts$)/,
};

const driversInOnePlace: Boundary = {
  name: 'a driver lives in one folder',
  faultsOf: imports(({ path }, { from }) => {
    const driver = Object.keys(DRIVERS).find((name) => from === name || from.startsWith(`${name}/`));
    const isOurs = /^(libs|apps|services)\//.test(path);
    return driver !== undefined && isOurs && !DRIVERS[driver]!.test(path);
  }),
};

/** Lanes, progress, the ledger and their ports: whatever they are run on stands behind a port. */
const pipelineOnItsOwn: Boundary = {
  name: 'the pipeline uses no library',
  faultsOf: imports(
    ({ path }, { from }) =>
      path.startsWith('libs/shared/src/pipeline/') && !isTestSource(path) && !/^(\.|node:)/.test(from),
  ),
};

/** What the language keeps private, and not only its types. A private constructor has no other spelling. */
const privacyByTheLanguage: Boundary = {
  name: 'a private member is a #member',
  faultsOf: ({ path, text }) =>
    Array.from(text.matchAll(/^\s+private (?!constructor\b).*$/gm), ([line]) => `${path} has ${line.trim()}`),
};

const NUMBER_OR_PATTERN =
  /^(?:export )?const [a-z]\w*(?:: \w+)? = (?:-?\d[\d_.e]*(?:\s*[*+/-]\s*[\dA-Z_]+)*|\/(?:[^/\\\n]|\\.)+\/[a-z]*);/gm;

const fixedValuesInCapitals: Boundary = {
  name: 'a number or a pattern that a module fixes is in capitals',
  faultsOf: ({ path, text }) => Array.from(text.matchAll(NUMBER_OR_PATTERN), ([line]) => `${path} has ${line}`),
};

export const boundaries: readonly Boundary[] = [
  privacyByTheLanguage,
  fixedValuesInCapitals,
  servicesApart,
  packagesApart,
  pureImports,
  pureCalls,
  layersPointLeft,
  everyFolderHasALayer,
  testingForTests,
  driversInOnePlace,
  pipelineOnItsOwn,
];
