export const STATUS = Symbol('shared status');
export const LINEAGE = Symbol('lineage');
export const PAGE = Symbol('page');
