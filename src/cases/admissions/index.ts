export type { AdmissionDeps, AdmissionRecord, FoundAdmission } from './model.ts'
export { openAdmissions } from './record.ts'
