/** Where reading stopped, for a reader to turn into a fault. Never leaves this folder. */
export class FaultAt extends Error {
  /** Characters, or bytes, before it. */
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}
