/** Statements that may read or sort whole tables, and why that is no cost of each round or request. */
export const allowedCosts: Readonly<Record<string, string>> = {
  'read-account': 'a command, which counts exactly',
  'count-account': 'a twentieth of the time at most (console/src/status/recount.ts)',
  'count-stages': 'a twentieth of the time at most (console/src/status/recount.ts)',
  'count-agreement': 'a twentieth of the time at most (console/src/status/recount.ts)',
  'read-unseen': 'a command, which compares all that left Postgres',
  'read-waiting-decisions': 'a command, which compares all that left Postgres',
  'read-unsettled-label-files': 'a command, which compares all that left Postgres',
  'read-confirmed-blobs': 'a command, which asks the store for each blob besides',
};
