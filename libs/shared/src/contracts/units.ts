export const KIB = 1024;
export const MIB = 1024 * KIB;
export const DAY_MS = 24 * 3_600_000;
