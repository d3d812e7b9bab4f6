import { parse as parseArray } from 'postgres-array'

const arrayOf = (read: (text: string) => unknown) => (text: string) => parseArray(text, read)
const asText = (text: string) => text

/**
 * How column values become JavaScript values, by type oid: one table for both engines, which otherwise disagree.
 *
 * int8 is a bigint; numeric, dates, moments and intervals stay text (moments in ISO form, UTC); bytea is a Uint8Array.
 */
export const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  20: (text) => BigInt(text),
  1016: arrayOf((text) => BigInt(text)),
  1700: asText,
  1231: arrayOf(asText),
  1184: asText,
  1185: arrayOf(asText),
  1114: asText,
  1115: arrayOf(asText),
  1082: asText,
  1182: arrayOf(asText),
  1186: asText,
  17: (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
  114: (text) => JSON.parse(text),
  3802: (text) => JSON.parse(text),
}

/** Said once on every connection, so that both engines write moments and intervals alike. */
export const CONNECTION_SETTINGS = "set timezone to 'UTC'; set intervalstyle to 'iso_8601'"
