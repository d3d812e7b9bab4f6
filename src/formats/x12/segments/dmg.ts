import type { Gender } from '../../../core/request.ts'
import type { PlainDate } from '../../../kernel/time.ts'
import { present } from '../absent.ts'
import { GENDERS } from '../codes.ts'
import type { SegmentReader } from '../reader.ts'
import type { Row } from '../segment.ts'
import { wireDate } from './dtp.ts'

export interface Demographics {
  readonly birthDate?: PlainDate
  readonly gender?: Gender
}

export function decodeDemographics(dmg: SegmentReader | undefined): Demographics {
  if (dmg === undefined) return {}
  dmg.constant(1, 'D8')
  return present<Demographics>({ birthDate: dmg.date(2), gender: dmg.word(3, GENDERS) })
}

export function encodeDemographics({ birthDate, gender }: Demographics): readonly Row[] {
  if (birthDate === undefined && gender === undefined) return []
  return [['DMG', birthDate && 'D8', birthDate && wireDate(birthDate), gender && GENDERS.code(gender)]]
}
