/** The data folder cannot be used. The message names it, and says what to do. */
export class DataDirectoryRefused extends Error {
  readonly why: 'in-use' | 'not-a-folder' | 'not-writable' | 'no-locks'

  constructor(why: DataDirectoryRefused['why'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DataDirectoryRefused'
    this.why = why
  }
}
