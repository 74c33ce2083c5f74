/** 32 bits of a part of a text (FNV-1a over its code units). */
export function hashOf(text: string, start: number, end: number): number {
  let hash = 0x81_1c_9d_c5
  for (let index = start; index < end; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93)
  return hash
}
