import type { AmbulanceTransport } from '../../../core/request.ts'
import type { SegmentReader } from '../reading/index.ts'
import { presentIfAny } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

/** Reads an ambulance journey: pounds (LB) and miles (DH) are the only units of the guide. */
export function decodeAmbulance(cr1: SegmentReader | undefined): AmbulanceTransport | undefined {
  if (cr1 === undefined) return undefined
  cr1.constant(1, 'LB')
  cr1.constant(5, 'DH')
  return presentIfAny<AmbulanceTransport>({
    patientWeight: cr1.decimal(2),
    transportCode: cr1.text(3),
    reasonCode: cr1.text(4),
    distance: cr1.decimal(6),
    roundTripPurpose: cr1.text(9),
    stretcherPurpose: cr1.text(10),
  })
}

export function encodeAmbulance(ambulance: AmbulanceTransport | undefined): readonly Row[] {
  if (ambulance === undefined) return []
  const { patientWeight, transportCode, reasonCode, distance, roundTripPurpose, stretcherPurpose } = ambulance
  return [
    [
      'CR1',
      patientWeight && 'LB',
      patientWeight,
      transportCode,
      reasonCode,
      distance && 'DH',
      distance,
      undefined,
      undefined,
      roundTripPurpose,
      stretcherPurpose,
    ],
  ]
}
