import { Type } from 'typebox'

/** What an address may look like: the same that the sign-in library accepts, so that whoever signs up can sign in. */
const EMAIL = Type.String({
  maxLength: 254,
  pattern:
    "^(?:[A-Za-z0-9_'+\\-]+\\.)*[A-Za-z0-9_'+\\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$",
})

/** Longer than any password taken, so that one too long is told so by the rule for passwords. */
const PASSWORD = Type.String({ minLength: 1, maxLength: 1000 })

/** Body of `POST /api/sign-up`. */
export const SIGN_UP = Type.Object(
  {
    email: EMAIL,
    password: PASSWORD,
    company: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
    }),
    acceptTerms: Type.Literal(true),
  },
  { additionalProperties: false },
)

/** Body of `POST /api/sign-up/resend`. */
export const RESEND = Type.Object({ email: EMAIL }, { additionalProperties: false })

/** Body of `POST /api/sign-up/verification`. */
export const VERIFICATION = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
)

/** Body of `POST /api/sign-in`. */
export const SIGN_IN = Type.Object(
  { email: Type.String({ minLength: 1, maxLength: 254 }), password: PASSWORD },
  { additionalProperties: false },
)
