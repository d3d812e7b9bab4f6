import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asAttachment, fileNameIn } from './content-disposition.ts'

for (const [header, name] of [
  ['attachment; filename="notes of 3 May.pdf"', 'notes of 3 May.pdf'],
  ['attachment; filename=notes.pdf', 'notes.pdf'],
  ['attachment; filename="a \\"b\\".pdf"', 'a "b".pdf'],
  ['attachment; filename="x.pdf"; filename*=UTF-8\'\'%C3%A9t%C3%A9.pdf', 'été.pdf'],
  ["attachment; filename*=UTF-8''%zz.pdf", '%zz.pdf'],
  ['attachment', undefined],
  [undefined, undefined],
] as const)
  test(`${header} names ${name} (RFC 6266 section 4)`, () => assert.equal(fileNameIn(header), name))

test('whatever a name holds, the header that is written gives it back, and is one line of ASCII', () => {
  const names = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .filter((name) => name.isWellFormed())
  fc.assert(
    fc.property(names, (name) => {
      const header = asAttachment('doc_1.pdf', name)
      assert.match(header, /^[\x20-\x7e]+$/)
      assert.equal(fileNameIn(header), name)
    }),
  )
})
