import pino, { type DestinationStream, type Logger as PinoLogger } from 'pino'
import { loggedError, withoutConfidential } from './redaction.ts'
import { asText } from './text.ts'

/** Writes what happened, for the operator: pino's interface. Never a body, a header, a URL or an address. */
export type Logger = PinoLogger<never>

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

export interface LoggerOptions {
  readonly level: LogLevel
  /** `json`: one object a line, for machines. `text`: one sentence a line, for people. */
  readonly format: 'json' | 'text'
  /** Where the lines go; default standard output. */
  readonly destination?: DestinationStream
}

/** Lines leave in lots: a write of its own costs a busy server as much processor time as all else that a line takes. */
const LOT_BYTES = 4096
/** The longest that a line waits for its lot. What waits when the process ends is written then; a kill -9 loses it. */
const WAITS_MS = 50

/** Opens the log of this process. Fields that must not be in a log are taken out of whatever is handed to it. */
export function openLogger({ level, format, destination }: LoggerOptions): Logger {
  const lines =
    destination ?? pino.destination({ dest: 1, sync: false, minLength: LOT_BYTES, periodicFlush: WAITS_MS })
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (entry) => withoutConfidential(entry) },
      hooks: {
        logMethod(args, method) {
          // Without a message pino repeats the error's own, with all that it quotes.
          if (args.length === 1 && isAboutError(args[0])) method.apply(this, [args[0], 'an error'])
          else method.apply(this, args)
        },
      },
      serializers: { err: (error) => loggedError(error), error: (error) => loggedError(error) },
    },
    format === 'json' ? lines : { write: (line) => lines.write(asText(line)) },
  )
}

function isAboutError(subject: unknown): subject is object {
  return subject instanceof Error || (typeof subject === 'object' && subject !== null && 'err' in subject)
}
