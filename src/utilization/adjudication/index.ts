export { type Adjudication, type MachineDecided, openAdjudication } from './adjudicate.ts'
