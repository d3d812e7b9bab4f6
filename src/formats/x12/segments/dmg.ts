import type { Gender } from '../../../core/request.ts'
import type { PlainDate } from '../../../kernel/time.ts'
import { GENDERS } from '../codes/index.ts'
import type { Growing, SegmentReader } from '../reading/index.ts'
import type { Row } from '../text/index.ts'
import { wireDate } from './dtp.ts'

export interface Demographics {
  readonly birthDate?: PlainDate
  readonly gender?: Gender
}

/** Puts in when a person was born, and as what. */
export function putDemographics(person: Growing<Demographics>, dmg: SegmentReader | undefined): void {
  if (dmg === undefined) return
  dmg.constant(1, 'D8')
  const birthDate = dmg.date(2)
  const gender = dmg.word(3, GENDERS)
  if (birthDate !== undefined) person.birthDate = birthDate
  if (gender !== undefined) person.gender = gender
}

export function encodeDemographics({ birthDate, gender }: Demographics): readonly Row[] {
  if (birthDate === undefined && gender === undefined) return []
  return [['DMG', birthDate && 'D8', birthDate && wireDate(birthDate), gender && GENDERS.code(gender)]]
}
