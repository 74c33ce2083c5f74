/** What a writer stores under a number: of changing length, and recognisable as whole. */
export function valueOf(prefix: string, index: number): string {
  return `${prefix} ${index} ${'.'.repeat((index * 37) % 40)}!`
}
