export { type Logger, type LoggerOptions, type LogLevel, openLogger } from './logger.ts'
