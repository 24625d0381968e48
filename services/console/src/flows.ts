import { doorFlow, type Flow } from '@assay/shared/bootstrap/flows';
import { DeadLettersController, LETTER_DESK } from './dead-letters/dead-letters.controller.ts';
import { deadLettersApi } from './dead-letters/dead-letters.openapi.ts';
import type { LetterDesk } from './dead-letters/letter-desk.ts';
import { DocumentsController, JOURNEYS } from './documents/documents.controller.ts';
import { documentsApi } from './documents/documents.openapi.ts';
import type { Lineage } from './documents/lineage.ts';
import { PAGE, PageController } from './page/page.controller.ts';
import type { Page } from './page/read-page.ts';
import type { SharedAnswer } from './status/shared-answer.ts';
import { ACCOUNTS, STATUS, StatusController } from './status/status.controller.ts';
import { statusApi } from './status/status.openapi.ts';
import type { Status } from './status/status.ts';

export interface Parts {
  readonly page: Page;
  readonly status: SharedAnswer<Status>;
  readonly lineage: Lineage;
  readonly letterDesk: LetterDesk;
}

/** What the console does. It has doors only, and writes nothing unless somebody replays dead letters. */
export const flows = ({ page, status, lineage, letterDesk }: Parts): readonly Flow[] => [
  // The page an operator looks at.
  doorFlow(PageController, [{ provide: PAGE, useValue: page }], { paths: {} }),
  // How everything is right now, and whether it is all accounted for.
  doorFlow(
    StatusController,
    [
      { provide: STATUS, useValue: status },
      { provide: ACCOUNTS, useValue: lineage },
    ],
    statusApi(),
  ),
  // The whole story of one document.
  doorFlow(DocumentsController, [{ provide: JOURNEYS, useValue: lineage }], documentsApi()),
  // What was refused, and sending it again.
  doorFlow(DeadLettersController, [{ provide: LETTER_DESK, useValue: letterDesk }], deadLettersApi()),
];
