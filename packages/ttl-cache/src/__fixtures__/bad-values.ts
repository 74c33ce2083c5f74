/** Values that the types forbid, as they come from code without types. */
export const notText: string = JSON.parse('1')

export const notNumber: number = JSON.parse('"60"')

/** `undefined`, where the type wants something. */
export const nothing: never = undefined as never
