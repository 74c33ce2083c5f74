import { describe, expect, it } from 'vitest'
import { RandomText } from './__fixtures__/random-text.ts'
import { NeedleMatcher } from './needle-matcher.ts'
import { Needle } from './needle.ts'

function needleOf(text: string): Needle {
  return new Needle({ text, label: text, isShort: false }, { text, form: 'text' }, 0)
}

/** Every place of every needle, one after the other. */
function placesIn(text: string, needles: readonly string[]): readonly string[] {
  const places = needles.flatMap(needle =>
    Array.from({ length: text.length }, (_, start) => start)
      .filter(start => text.startsWith(needle, start))
      .map(start => `${start} ${needle}`),
  )
  return places.toSorted()
}

function foundIn(matcher: NeedleMatcher, text: string): readonly string[] {
  return matcher
    .find(text)
    .map(({ needle, start, end }) => `${start} ${needle.known.text.slice(0, end - start)}`)
    .toSorted()
}

describe('NeedleMatcher', () => {
  it.each([
    ['two letters, where much overlaps', 'ab', 40],
    ['letters and signs', 'abcdefgh-_/+ ', 300],
    ['characters that differ in their upper byte', 'a\u0161\u0261b', 100],
  ])('finds what a search for each needle finds in %s', (_, alphabet, length) => {
    const random = new RandomText(3)
    for (let run = 0; run < 300; run += 1) {
      const lengths = [4, 5, 7, 8, 9, 15, 16, 17, 40]
      const needles = Array.from({ length: 1 + random.below(12) }, () => random.text(alphabet, random.pick(lengths)))
      const text = Array.from(
        { length: 6 },
        () => random.text(alphabet, random.below(length)) + random.pick(needles),
      ).join('')
      const matcher = new NeedleMatcher()
      for (const needle of new Set(needles)) matcher.add(needleOf(needle))

      const found = foundIn(matcher, text)

      expect(found).toEqual(placesIn(text, [...new Set(needles)]))
    }
  })

  it('finds each of so many needles that its tables grow', () => {
    const random = new RandomText(4)
    const matcher = new NeedleMatcher()
    const needles = Array.from({ length: 30_000 }, (_, index) => random.text('0123456789abcdef', 5 + (index % 20)))
    for (const needle of needles) matcher.add(needleOf(needle))

    const missed = needles.filter(needle => !foundIn(matcher, `-${needle}-`).includes(`1 ${needle}`))

    expect(missed).toEqual([])
  })

  it('tells from where on a text could go on to be a needle', () => {
    const random = new RandomText(5)
    for (let run = 0; run < 300; run += 1) {
      const lengths = [4, 6, 14, 15, 16, 17, 18, 40]
      const needles = Array.from({ length: 1 + random.below(6) }, () => random.text('abc', random.pick(lengths)))
      const needle = random.pick(needles)
      const text = random.text('abcd', random.below(60)) + needle.slice(0, random.below(needle.length + 1))
      const matcher = new NeedleMatcher()
      for (const each of needles) matcher.add(needleOf(each))

      const first = matcher.firstBeginning(text)

      const start = Array.from({ length: text.length }, (_, index) => index).find(index =>
        needles.some(each => each.length > text.length - index && each.startsWith(text.slice(index))),
      )
      expect(first).toBe(start ?? text.length)
    }
  })

  it('tells it also of needles that were added after it was asked', () => {
    const matcher = new NeedleMatcher()
    matcher.add(needleOf('first needle'))
    const before = [matcher.firstBeginning('a fir'), matcher.firstBeginning('a sec')]

    matcher.add(needleOf('second needle'))

    expect(before).toEqual([2, 5])
    expect(matcher.firstBeginning('a sec')).toBe(2)
  })
})
