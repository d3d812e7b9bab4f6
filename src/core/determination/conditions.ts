import { age } from './age.ts'
import { diagnosis } from './diagnosis.ts'
import { effective } from './effective.ts'
import { lineOfBusiness } from './line-of-business.ts'
import type { Condition } from './model.ts'
import { modifiers } from './modifiers.ts'
import { place } from './place.ts'
import { plan } from './plan.ts'
import { procedure } from './procedure.ts'
import { serviceType } from './service-type.ts'

/** Everything a row can ask about. A new condition is a file of its own and one line here. */
export const CONDITIONS: readonly Condition[] = [
  effective,
  procedure,
  modifiers,
  place,
  serviceType,
  plan,
  lineOfBusiness,
  age,
  diagnosis,
]
