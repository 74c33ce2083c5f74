/** What a terminal shows in place of a value: always the same, because the length of a secret is part of it. */
export const mask = '********'
