/** Mails of `npm run fuzz:mime` that were once read wrongly, by what went wrong: each is made again from its seed. */
export const mimeSeeds: Readonly<Record<string, number>> = {};
