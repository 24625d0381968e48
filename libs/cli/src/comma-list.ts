/** The items between the commas, trimmed; blank ones too, for whoever must complain of them. */
export const commaItems = (text: string): readonly string[] => text.split(',').map((item) => item.trim());

/** The items of a list as people write it, `a, b` or `a,b,`: a blank is never an item. */
export const commaList = (text: string): readonly string[] => commaItems(text).filter((item) => item !== '');
