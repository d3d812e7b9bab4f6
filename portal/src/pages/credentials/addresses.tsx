import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api } from '../../api.ts'
import { ProblemNote, problemOf } from '../../problem-note.tsx'

interface AddressesProps {
  readonly clientId: string
  readonly allowed: readonly string[]
}

/** Where a credential may call from. */
export function Addresses({ clientId, allowed }: AddressesProps) {
  const [text, setText] = useState(allowed.join('\n'))
  const queries = useQueryClient()
  const wanted = text.split(/[\s,]+/).filter((entry) => entry !== '')
  const allow = useMutation({
    mutationFn: () => api.allow(clientId, wanted),
    onSuccess: async ({ addresses }) => {
      setText(addresses.join('\n'))
      await queries.invalidateQueries({ queryKey: ['credentials'] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    allow.mutate()
  }
  const faults = problemOf(allow.error)?.faults ?? []
  return (
    <details>
      <summary>
        {allowed.length === 0
          ? 'May call from anywhere'
          : `May call from ${allowed.length} ${allowed.length === 1 ? 'network' : 'networks'}`}
      </summary>
      <form className="block tight inset" onSubmit={submit}>
        <Textarea
          label="Addresses and ranges, one a line"
          description="Such as 203.0.113.7 or 2001:db8::/48. None: from anywhere."
          autosize
          minRows={2}
          maxRows={10}
          maxLength={6000}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={text}
          error={faults.map(({ at, message }) => `${lineOf(at, wanted)}${message}`).join('; ') || undefined}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {faults.length === 0 && <ProblemNote error={allow.error} />}
        <div className="actions">
          <Button type="submit" variant="default" size="compact-sm" loading={allow.isPending}>
            Save where it may call from
          </Button>
          {allow.isSuccess && (
            <span className="quiet" role="status">
              Saved. In force within a second.
            </span>
          )}
        </div>
      </form>
    </details>
  )
}

/** Which of the entries a fault is of, by the number at the end of its pointer. */
function lineOf(pointer: string, entries: readonly string[]): string {
  const entry = entries[Number(/^\/addresses\/(\d+)$/.exec(pointer)?.[1])]
  return entry === undefined ? '' : `${entry}: `
}
