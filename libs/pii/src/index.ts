export { builtInEntities, type BuiltInEntity, type EntityType } from './entity.ts';
export {
  createLabelMasker,
  type LabelMasker,
  type LabelMaskerOptions,
  type LabelTexts,
  type MaskedLabelTexts,
} from './label-texts.ts';
export { createMasker, type Masked, type Masker, type MaskerOptions, type Span } from './masker.ts';
export { createOffsetMap, type OffsetMap, type Range, type Side } from './offsets.ts';
export type { Operator, PseudonymKey } from './operators.ts';
export {
  createRegistry,
  type DictionaryEntry,
  type Registry,
  type RegistryEntry,
  type ShapeEntry,
} from './registry.ts';
export {
  createTwoPassMasker,
  mergeNames,
  type FailurePolicy,
  type NamedSpan,
  type NameFinder,
  type SecondPassOptions,
  type TwoPassMasked,
  type TwoPassMasker,
} from './second-pass.ts';
export { NameFinderError } from './adapters/name-finder-error.ts';
export { createPresidioFinder, type PresidioOptions } from './adapters/presidio.ts';
export { createModelFinder, type ModelFinderOptions } from './adapters/model-finder.ts';
export { renderReport } from './report/page.ts';
export { createReport, type Report, type ReportBuilder } from './report/report.ts';
