/**
 * Names that end an address even where punctuation, spelling out or glued digits leave doubt. A plain `a@b.c` needs no
 * list. Two-letter country codes count too, unless they are English words.
 */
const known = new Set(
  `com org net edu gov mil int info biz name pro mobi app dev io ai co me tv xyz online site store shop tech cloud email
  blog club live news world today agency digital media group company solutions services systems network software
  design studio health care finance bank money travel museum jobs academy school university london berlin paris nyc
  tokyo example test invalid local`.split(/\s+/),
);

const words = new Set('am an as at be by do go he hi if in is it me my no of on or so to up us we'.split(' '));

const files = new Set(
  'png jpg jpeg gif svg webp ico bmp css js mjs json html htm xml exe dll pdf docx xlsx csv txt log'
    .split(' ')
    .map((suffix) => Array.from(suffix).reduce((packed, letter) => (packed << 5) | (letter.charCodeAt(0) & 31), 0)),
);

export const isKnownTopLevel = (label: string): boolean =>
  known.has(label) || (label.length === 2 && /^[a-z]{2}$/.test(label) && !words.has(label));

/** `logo@2x.png` is a picture. The suffix comes as its letters' low five bits, one after the other. */
export const isFileSuffix = (packed: number): boolean => files.has(packed);
