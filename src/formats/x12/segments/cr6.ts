import type { HomeHealth } from '../../../core/request.ts'
import type { DatePeriod, PlainDate } from '../../../kernel/time.ts'
import { YES_OR_NO } from '../codes/index.ts'
import type { SegmentReader } from '../reading/index.ts'
import { presentIfAny } from '../reading/index.ts'
import { at, type Cell, type Row } from '../text/index.ts'
import { wireDate } from './dtp.ts'

/** Reads care at home; what has no place in the model (CR605, CR606, CR618 and later) is noted. */
export function decodeHomeHealth(cr6: SegmentReader | undefined): HomeHealth | undefined {
  if (cr6 === undefined) return undefined
  return presentIfAny<HomeHealth>({
    prognosis: cr6.text(1),
    startDate: cr6.date(2),
    certificationPeriod: periodOf(cr6, 3, 4),
    medicareCoverage: cr6.word(7, YES_OR_NO),
    certificationType: cr6.text(8),
    surgeryDate: cr6.date(9),
    surgicalProcedureSystem: cr6.text(10),
    surgicalProcedure: cr6.text(11),
    orderDate: cr6.date(12),
    lastVisitDate: cr6.date(13),
    physicianContactDate: cr6.date(14),
    lastAdmission: periodOf(cr6, 15, 16),
    patientLocation: cr6.text(17),
  })
}

function periodOf(cr6: SegmentReader, format: number, element: number): DatePeriod | undefined {
  const isSent = cr6.text(format) !== undefined || cr6.text(element) !== undefined
  return isSent ? cr6.period(format, element) : undefined
}

export function encodeHomeHealth(care: HomeHealth | undefined): readonly Row[] {
  if (care === undefined) return []
  const { certificationPeriod, medicareCoverage, lastAdmission } = care
  return [
    at('CR6', {
      1: care.prognosis,
      2: dayOf(care.startDate),
      3: certificationPeriod && 'RD8',
      4: daysOf(certificationPeriod),
      7: medicareCoverage && YES_OR_NO.code(medicareCoverage),
      8: care.certificationType,
      9: dayOf(care.surgeryDate),
      10: care.surgicalProcedureSystem,
      11: care.surgicalProcedure,
      12: dayOf(care.orderDate),
      13: dayOf(care.lastVisitDate),
      14: dayOf(care.physicianContactDate),
      15: lastAdmission && 'RD8',
      16: daysOf(lastAdmission),
      17: care.patientLocation,
    }),
  ]
}

function dayOf(day: PlainDate | undefined): Cell {
  return day && wireDate(day)
}

/** Always two days, also where they are the same: the guide has no D8 here. */
function daysOf(period: DatePeriod | undefined): Cell {
  return period && `${wireDate(period.from)}-${wireDate(period.until)}`
}
