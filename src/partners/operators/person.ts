import { Problem } from '../../kernel/problem.ts'
import type { Person } from '../people/index.ts'
import type { OperatorsDeps } from './deps.ts'

/** @throws Problem `state/not-found` when nobody has confirmed this address */
export async function personBehind(
  { people }: Pick<OperatorsDeps, 'people'>,
  email: string,
): Promise<Person> {
  const person = await people.find(email)
  if (!person)
    throw new Problem(
      'state/not-found',
      'Nobody has confirmed this address: they sign up at the portal and follow the link in the letter first.',
    )
  return person
}
