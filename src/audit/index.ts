export type { AuditEntry } from './entry.ts'
export { record } from './record.ts'
export { openRecorder, type Recorder, type RecorderOptions } from './recorder.ts'
