// annotated_at as an instant: microseconds since 1970, UTC, in a double (exact until the year 2255). Finer digits are cut
// off: no tool writes more, and two votes of one annotator on one document within a microsecond are not two decisions.

const ZERO = 48;

/** ISO 8601: `2026-11-21`, `2026-11-21T08:01:37.363683Z`, a blank for `T`, an offset, or no zone (read as UTC: Argilla
 * exports naive UTC). NaN for anything else: such a row has no readable annotated_at. */
export function parseInstant(bytes: Uint8Array, start: number, end: number): number {
  const year = digits(bytes, start, end, 4);
  const month = digits(bytes, start + 5, end, 2);
  const day = digits(bytes, start + 8, end, 2);
  if (bytes[start + 4] !== DASH || bytes[start + 7] !== DASH || !isDate(year, month, day)) return Number.NaN;
  const midnight = daysSince1970(year, month, day) * MICROS_A_DAY;
  if (start + 10 === end) return midnight;
  const separator = bytes[start + 10] ?? 0;
  if (separator !== UPPER_T && separator !== LOWER_T && separator !== SPACE) return Number.NaN;
  return midnight + timeOfDay(bytes, start + 11, end);
}

export function parseInstantText(text: string): number {
  const bytes = new TextEncoder().encode(text.trim());
  return parseInstant(bytes, 0, bytes.length);
}

/** The instant as our outputs show it: microseconds only where there are any. */
export function instantText(micros: number): string {
  const millis = Math.floor(micros / 1000);
  const rest = micros - millis * 1000;
  const iso = new Date(millis).toISOString();
  return rest === 0 ? iso : `${iso.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

const DASH = 45;
const COLON = 58;
const DOT = 46;
const COMMA = 44;
const PLUS = 43;
const SPACE = 32;
const UPPER_T = 84;
const LOWER_T = 116;
const UPPER_Z = 90;
const LOWER_Z = 122;
const MICROS_A_SECOND = 1_000_000;
const MICROS_A_MINUTE = 60 * MICROS_A_SECOND;
const MICROS_A_DAY = 1440 * MICROS_A_MINUTE;

/** `count` digits at `at`, or NaN. */
function digits(bytes: Uint8Array, at: number, end: number, count: number): number {
  if (at + count > end) return Number.NaN;
  let value = 0;
  for (let i = at; i < at + count; i += 1) {
    const digit = (bytes[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeap ? 29 : (daysOfMonth[month - 1] ?? 0);
  return year >= 1 && day >= 1 && day <= days;
}

// Howard Hinnant's days_from_civil; Date.UTC reads years below 100 as 19xx and is slower.
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function timeOfDay(bytes: Uint8Array, at: number, end: number): number {
  const hour = digits(bytes, at, end, 2);
  const minute = digits(bytes, at + 3, end, 2);
  if (bytes[at + 2] !== COLON || !(hour <= 23 && minute <= 59)) return Number.NaN;
  const minutes = (hour * 60 + minute) * MICROS_A_MINUTE;
  if (bytes[at + 5] !== COLON || at + 5 >= end) return minutes + offset(bytes, at + 5, end);
  const second = digits(bytes, at + 6, end, 2);
  if (!(second <= 59)) return Number.NaN;
  const seconds = minutes + second * MICROS_A_SECOND;
  const mark = at + 8 < end ? bytes[at + 8] : 0;
  if (mark !== DOT && mark !== COMMA) return seconds + offset(bytes, at + 8, end);
  let to = at + 9;
  let micros = 0;
  for (let unit = 100_000; to < end && isDigit(bytes[to]); to += 1, unit /= 10) {
    if (unit >= 1) micros += ((bytes[to] ?? ZERO) - ZERO) * unit;
  }
  return to === at + 9 ? Number.NaN : seconds + micros + offset(bytes, to, end);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= ZERO + 9;
}

/** What to add for the zone that fills the rest of the cell: `Z`, `+02:00`, `+0200`, `+02` or nothing. */
function offset(bytes: Uint8Array, at: number, end: number): number {
  if (at === end) return 0;
  const sign = bytes[at] ?? 0;
  if (sign === UPPER_Z || sign === LOWER_Z) return at + 1 === end ? 0 : Number.NaN;
  if (sign !== PLUS && sign !== DASH) return Number.NaN;
  const hours = digits(bytes, at + 1, end, 2);
  const minutesAt = bytes[at + 3] === COLON && at + 3 < end ? at + 4 : at + 3;
  const minutes = at + 3 === end ? 0 : digits(bytes, minutesAt, end, 2);
  const isWhole = at + 3 === end || minutesAt + 2 === end;
  if (!isWhole || !(hours <= 23 && minutes <= 59)) return Number.NaN;
  return (hours * 60 + minutes) * (sign === PLUS ? -MICROS_A_MINUTE : MICROS_A_MINUTE);
}
