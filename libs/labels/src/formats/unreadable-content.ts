/** The content is not of this format at all: nothing in it counts. */
export class UnreadableContent extends Error {}
