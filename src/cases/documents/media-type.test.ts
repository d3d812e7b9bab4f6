import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { mediaTypeOf } from './media-type.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'))
const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))

describe('what is taken is told by its first bytes', () => {
  for (const [what, content, type] of [
    ['a PDF', bytes('%PDF-1.7\n'), 'application/pdf'],
    ['a PNG', hex('89 50 4e 47 0d 0a 1a 0a 00'), 'image/png'],
    ['a JPEG', hex('ff d8 ff e0'), 'image/jpeg'],
    ['a TIFF of either order', hex('49 49 2a 00'), 'image/tiff'],
    ['a TIFF of the other', hex('4d 4d 00 2a'), 'image/tiff'],
    ['a CDA', bytes('<ClinicalDocument xmlns="urn:hl7-org:v3">'), 'application/xml'],
    [
      'a CDA after a declaration, a stylesheet and comments',
      bytes(
        '\uFEFF<?xml version="1.0"?>\n<?xml-stylesheet href="cda.xsl"?><!-- <a> -->\n<ClinicalDocument\n xmlns:xsi="x"\n xmlns="urn:hl7-org:v3">',
      ),
      'application/xml',
    ],
    ['a CDA with a prefix', bytes("<v3:ClinicalDocument xmlns:v3='urn:hl7-org:v3'/>"), 'application/xml'],
  ] as const)
    test(what, () => assert.equal(mediaTypeOf(content), type))
})

describe('nothing else is', () => {
  for (const [what, content] of [
    ['no bytes', bytes('')],
    ['a program for Windows', bytes('MZ\u0090\u0000')],
    ['a program for Linux', hex('7f 45 4c 46')],
    ['a script', bytes('#!/bin/sh\n')],
    ['a PDF behind something else', bytes('MZ %PDF-1.7')],
    ['an archive, which is what a DOCX is', hex('50 4b 03 04')],
    ['a page', bytes('<!doctype html><html>')],
    ['an SVG, which can run scripts', bytes('<svg xmlns="http://www.w3.org/2000/svg">')],
    ['XML of another kind', bytes('<ClinicalDocument xmlns="urn:other">')],
    ['a root that merely begins so', bytes('<ClinicalDocuments xmlns="urn:hl7-org:v3">')],
    ['a namespace in the value of something else', bytes('<ClinicalDocument a="x xmlns=urn:hl7-org:v3">')],
    [
      'a CDA with a document type',
      bytes('<!DOCTYPE a [<!ENTITY b "c">]><ClinicalDocument xmlns="urn:hl7-org:v3">'),
    ],
    ['a comment that does not end', bytes('<!-- <ClinicalDocument xmlns="urn:hl7-org:v3">')],
    ['XML that is no UTF-8', hex('3c ff fe')],
  ] as const)
    test(what, () => assert.equal(mediaTypeOf(content), undefined))

  test('any bytes at all are looked at without failing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (content) => void mediaTypeOf(content)))
  })

  test('ten megabytes of blanks cost no more than their first few', () => {
    assert.equal(mediaTypeOf(new Uint8Array(10 * 1024 * 1024).fill(0x20)), undefined)
  })
})
