import { Button, NativeSelect } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api, type NewSecret } from '../../api.ts'
import { ProblemNote } from '../../problem-note.tsx'

const OVERLAPS = [
  { value: '0', label: 'At once: calls with the old secret fail now' },
  { value: '1', label: '1 day' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
]

interface RotateProps {
  readonly clientId: string
  readonly onRotated: (secret: NewSecret) => void
}

/** A second secret, beside the one in use for as long as somebody chooses. */
export function Rotate({ clientId, onRotated }: RotateProps) {
  const [overlapDays, setOverlapDays] = useState('7')
  // The same until it has worked: asking twice, by a double click or after a lost answer, makes one secret.
  const requestId = useRef(crypto.randomUUID())
  const rotate = useMutation({
    mutationFn: () =>
      api.rotateSecret(clientId, { overlapDays: Number(overlapDays), requestId: requestId.current }),
    onSuccess: (secret) => {
      requestId.current = crypto.randomUUID()
      onRotated(secret)
    },
  })
  return (
    <details>
      <summary>Rotate the secret</summary>
      <div className="block tight inset">
        <NativeSelect
          label="The old secret goes on working for"
          data={OVERLAPS}
          value={overlapDays}
          onChange={(event) => setOverlapDays(event.currentTarget.value)}
        />
        <ProblemNote error={rotate.error} />
        <div>
          <Button size="compact-sm" loading={rotate.isPending} onClick={() => rotate.mutate()}>
            Rotate secret
          </Button>
        </div>
      </div>
    </details>
  )
}
