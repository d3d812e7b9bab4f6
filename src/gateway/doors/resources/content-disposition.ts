/**
 * The file name of a `Content-Disposition` header, read and written.
 *
 * @see RFC 6266 section 4; RFC 8187 section 3.2 for `filename*`
 */

const EXTENDED = /(?:^|;)\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]*)/i
const QUOTED = /(?:^|;)\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i
const TOKEN = /(?:^|;)\s*filename\s*=\s*([^\s;"]+)/i

/** @returns undefined where the header names no file; the name need be no good one */
export function fileNameIn(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const extended = EXTENDED.exec(header)?.[1]
  if (extended !== undefined) return decoded(extended)
  const quoted = QUOTED.exec(header)?.[1]
  if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, '$1')
  return TOKEN.exec(header)?.[1]
}

/** What is badly encoded is a name still, and no good one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A header that has a browser save the file, under its name where it can write it, and under a plain one elsewhere. */
export function asAttachment(plain: string, name: string | undefined): string {
  const simple = `attachment; filename="${plain}"`
  return name === undefined ? simple : `${simple}; filename*=UTF-8''${encoded(name)}`
}

function encoded(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
