import { isObject, jsonOf } from './json-value.ts';

// Dead letters of ingest are unmasked, and whoever looks at one mostly wants to know what is wrong with it: its shape says so
// without a word of anybody.

const PLACES_SHOWN = 100;
const ITEMS_SHOWN = 3;
const DEPTH_SHOWN = 6;
const NAME_SHOWN = /^[A-Za-z_][\w.-]{0,39}$/;

/** What a value is made of, without what it says: types, lengths, and names of the kind that programs give. */
export function shapeOf(value: Buffer | null): unknown {
  if (value === null) return 'no value';
  const json = jsonOf(value);
  if (json === undefined) return `${value.length} bytes that are no JSON`;
  return shapeOfPart(json, 0);
}

function shapeOfPart(part: unknown, depth: number): unknown {
  if (part === null || typeof part === 'boolean' || typeof part === 'number')
    return part === null ? 'null' : typeof part;
  if (typeof part === 'string') return `text of ${part.length}`;
  if (Array.isArray(part)) {
    if (depth === DEPTH_SHOWN) return `list of ${part.length}`;
    const items = part.slice(0, ITEMS_SHOWN).map((item) => shapeOfPart(item, depth + 1));
    return part.length > ITEMS_SHOWN ? [...items, `and ${part.length - ITEMS_SHOWN} more`] : items;
  }
  if (!isObject(part) || depth === DEPTH_SHOWN) return 'object';
  const members = Object.entries(part);
  const shown = members.slice(0, PLACES_SHOWN).map(([name, inner], index) => [
    // A field's name may be somebody's words, too.
    NAME_SHOWN.test(name) ? name : `field ${index + 1}`,
    shapeOfPart(inner, depth + 1),
  ]);
  return Object.fromEntries(shown);
}
