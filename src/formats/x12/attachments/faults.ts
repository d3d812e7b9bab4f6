import type { FaultKind, FaultPlace, X12Fault } from '../reading/index.ts'
import type { BinarySegment } from './cut.ts'

/** Collects what is wrong, with its place in the sender's own interchange. */
export class AttachmentFaults {
  readonly #faults: X12Fault[] = []

  get all(): readonly X12Fault[] {
    return this.#faults
  }

  /** @param element counted from 1; absent when it is about the segment */
  add(segment: BinarySegment, message: string, kind: FaultKind, about: Partial<About> = {}): void {
    const { element, remedy, missing } = about
    this.#faults.push({
      at: spelled(segment, element),
      message,
      kind,
      place: placeOf(segment, element, missing),
      ...(remedy === undefined ? {} : { remedy }),
    })
  }
}

interface About {
  readonly element: number
  readonly remedy: string
  /** The id of the segment that is missing. */
  readonly missing: string
}

/** `LX-01, segment 12, byte 431` */
export function spelled({ id, number, byte }: BinarySegment, element?: number): string {
  const name = element === undefined ? id : `${id}-${String(element).padStart(2, '0')}`
  return [name, `segment ${number}`, `byte ${byte}`].filter((part) => part !== '').join(', ')
}

export function placeOf(segment: BinarySegment, element?: number, missing?: string): FaultPlace {
  const value = element === undefined ? undefined : segment.elements[element]
  return {
    segmentId: segment.id,
    segmentNumber: segment.number,
    byte: segment.byte,
    ...(element === undefined ? {} : { element }),
    ...(value === undefined || value.trim() === '' ? {} : { value }),
    ...(missing === undefined ? {} : { missing }),
  }
}
