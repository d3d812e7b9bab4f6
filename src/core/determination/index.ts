export { ageOn } from './age.ts'
export {
  type DeterminationAnswer,
  documentsOf,
  type LineDetermination,
  NOT_A_GUARANTEE,
  reviewersOf,
  tell,
  toldOfEvent,
} from './answer.ts'
export { linesAsked, patientBirthDate, periodAsked } from './asked.ts'
export { diagnosisCode, procedureCode } from './codes.ts'
export { determine } from './determine.ts'
export { type Determination, type DeterminationRule, type Facts, groundOf } from './model.ts'
export { placeOf, placeText } from './place.ts'
export { type SaidOfLine, understood } from './understood.ts'
