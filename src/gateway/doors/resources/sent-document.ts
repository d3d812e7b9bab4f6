import { MEDIA_TYPES, type MediaType, mediaTypeOf } from '../../../cases/documents/index.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Fault } from '../../../kernel/result.ts'
import type { SentDocument } from '../../case-files/index.ts'
import { fileNameIn } from './content-disposition.ts'

export const MOST_BYTES = 10 * 1024 * 1024
/** The header that names a document as the request does (X12 PWK06): no URL, which logs and histories keep. */
export const CONTROL_NUMBER_HEADER = 'attachment-control-number'

const LONGEST_NAME = 200
/** What CDA is sent as, besides the one that we call it by. */
const OTHER_NAMES: Readonly<Record<string, MediaType>> = { 'text/xml': 'application/xml' }

export interface DocumentHeaders {
  readonly 'content-type'?: string | undefined
  readonly 'content-disposition'?: string | undefined
  readonly [CONTROL_NUMBER_HEADER]?: string | readonly string[] | undefined
}

/**
 * The media type that a document is said to be of.
 *
 * @throws Problem `request/media-type`
 */
export function declaredType(header: string | undefined): MediaType {
  const said = (header ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const type = OTHER_NAMES[said] ?? said
  if (isTaken(type)) return type
  throw new Problem(
    'request/media-type',
    `A document is sent by itself, as one of ${[...Object.keys(MEDIA_TYPES), ...Object.keys(OTHER_NAMES)].join(', ')}.`,
  )
}

function isTaken(type: string): type is MediaType {
  return Object.hasOwn(MEDIA_TYPES, type)
}

/**
 * A document with what its headers say of it.
 *
 * @throws Problem `request/media-type`; `request/invalid` with every fault: no bytes, other bytes than were declared, a
 *         file name or control number that cannot be kept
 */
export function sentDocument(content: Uint8Array, headers: DocumentHeaders): SentDocument {
  const mediaType = declaredType(headers['content-type'])
  const name = fileNameIn(headers['content-disposition'])
  const controlNumber = [headers[CONTROL_NUMBER_HEADER] ?? []].flat()[0]?.trim()
  const faults = [
    ...contentFaults(content, mediaType),
    ...(name === undefined ? [] : nameFaults(name, mediaType)),
    ...(controlNumber === undefined ? [] : controlNumberFaults(controlNumber)),
  ]
  if (faults.length > 0)
    throw new Problem('request/invalid', 'The document was not taken; what is wrong is listed in faults.', {
      faults,
    })
  return {
    mediaType,
    content,
    ...(name === undefined ? {} : { name }),
    ...(controlNumber === undefined ? {} : { controlNumber }),
  }
}

function contentFaults(content: Uint8Array, declared: MediaType): readonly Fault[] {
  const { what } = MEDIA_TYPES[declared]
  if (content.length === 0)
    return [
      {
        at: '',
        message: `is empty; expected ${what}`,
        remedy: 'Send the bytes of the document as the body.',
      },
    ]
  const found = mediaTypeOf(content)
  if (found === declared) return []
  return [
    {
      at: '',
      message: found
        ? `is ${MEDIA_TYPES[found].what}, and was sent as ${what} (${declared})`
        : `was sent as ${what} (${declared}), and its first bytes are of none that is taken`,
      remedy: found ? `Send it as ${found}.` : 'Send the document itself, unpacked and not encoded.',
    },
  ]
}

/** Neither a path, nor what hides, nor what no file system keeps; and its ending says what it is. */
function nameFaults(name: string, mediaType: MediaType): readonly Fault[] {
  const { endings, what } = MEDIA_TYPES[mediaType]
  const at = 'Content-Disposition'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (name === '' || name.length > LONGEST_NAME || /[\u0000-\u001f\u007f-\u009f/\\]|^\./.test(name))
    return [
      {
        at,
        message: `its file name is empty, longer than ${LONGEST_NAME} characters, a path, or has characters that cannot be shown`,
        remedy: 'Give the name of the file alone, or leave it out.',
      },
    ]
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  if (endings.includes(ending)) return []
  return [
    {
      at,
      message: `the file name does not end as that of ${what} does: .${endings.join(', .')}`,
      remedy: 'Correct the ending, or leave the name out.',
    },
  ]
}

/** Whether a control number can be kept: 2 to 80 printable characters (X12 PWK06). */
export function isControlNumber(text: string): boolean {
  return /^[\x21-\x7e][\x20-\x7e]{0,78}[\x21-\x7e]$/.test(text)
}

function controlNumberFaults(controlNumber: string): readonly Fault[] {
  if (isControlNumber(controlNumber)) return []
  return [
    {
      at: 'Attachment-Control-Number',
      message: 'expected 2 to 80 printable characters (X12 PWK06)',
      remedy:
        'Send the number that the request names the document by. It is no place for a name or a member id.',
    },
  ]
}
