import type { AnnotationBridgeConfig } from '../config.ts';
import { argillaSource } from './argilla/argilla-source.ts';
import { labelStudioSource } from './label-studio/label-studio-source.ts';
import type { ToolSource, ToolSourceKind } from './tool-source.ts';

/** Tools whose answers are fetched. To add one: a folder beside this file and a line here. */
const toolSourceKinds: readonly ToolSourceKind[] = [labelStudioSource, argillaSource];

/** Answers come back from the tools that documents are sent to. */
export const openToolSources = (config: AnnotationBridgeConfig, kinds = toolSourceKinds): readonly ToolSource[] =>
  kinds.filter(({ name }) => config.ANNOTATION_BRIDGE_TARGETS.includes(name)).map((kind) => kind.open(config));
