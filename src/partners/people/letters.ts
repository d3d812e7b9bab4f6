import type { Message } from '../../platform/mail/index.ts'

/**
 * What we write to people. Nothing that a stranger typed is repeated: anybody can have us write to any address, once it
 * is typed into the sign-up page.
 */
export function confirmationLetter(to: string, link: string): Message {
  return {
    to,
    subject: 'Confirm your address for Countersign',
    text: `Somebody, we hope you, asked for a Countersign account with this address.

Confirm it, and your sandbox credentials are ready:

${link}

The link works once, for 24 hours.

If it was not you, do nothing: without the link there is no account.
`,
  }
}

export function alreadyHaveAccountLetter(to: string, portalUrl: string): Message {
  return {
    to,
    subject: 'You already have a Countersign account',
    text: `Somebody, we hope you, asked for a Countersign account with this address. There is one already, so nothing was changed.

Sign in here:

${portalUrl}/sign-in

If it was not you, there is nothing you need to do.
`,
  }
}
