import { Type } from 'typebox'
import type { Organization } from './model.ts'
import { ORGANIZATION_TYPES } from './model.ts'

/** Body of `POST /operator/organizations`. */
export const CREATE_ORGANIZATION = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
    }),
    type: Type.Optional(Type.Enum([...ORGANIZATION_TYPES])),
  },
  { additionalProperties: false },
)

export function organizationWire(organization: Organization) {
  return { ...organization, createdAt: new Date(organization.createdAt).toISOString() }
}
