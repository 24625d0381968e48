import { readLabelFile } from '@assay/labels/label-file';
import type { SourceSettings } from '@assay/labels/label-row';
import type { FileOpener } from './read-label-files.ts';
import type { FoundFile } from './find-label-files.ts';
import type { RowCollector } from '../rows/row-collector.ts';

/** Reads every file into the collector, in order. A file that is broken or cannot be opened is noted there; it never stops
 * the run. */
export async function collectFiles(
  files: readonly FoundFile[],
  parts: { collector: RowCollector; opener: FileOpener; settings: SourceSettings },
): Promise<void> {
  const { collector, opener, settings } = parts;
  for (const file of files) {
    collector.startFile(file.path);
    const opened = opener.open(file);
    if ('problem' in opened) {
      collector.finish({ kind: 'rejected', reason: 'undecodable', rows: 0, detail: opened.problem });
      continue;
    }
    try {
      collector.finish(await readLabelFile(opened.source, collector, settings));
    } finally {
      opened.close();
    }
  }
}
