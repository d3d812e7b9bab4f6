export { openQuestions, type Questions, type QuestionsDeps } from './questions.ts'
export { moveIntoRequest } from './store.ts'
