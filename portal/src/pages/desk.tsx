import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { api, type ProductionRequest, type RequestState } from '../api.ts'
import { Confirm } from '../confirm.tsx'
import { ContractText } from '../contract-text.tsx'
import { ProblemNote } from '../problem-note.tsx'
import { Sign } from '../sign.tsx'
import { When } from '../when.tsx'

/** The operator's partner desk: who asks for production, and what they wait for. */
export function Desk() {
  const queue = useQuery({ queryKey: ['desk'], queryFn: api.desk.requests, retry: false })
  const requests = queue.data?.requests ?? []
  const ours = requests.filter(({ next }) => next.holder === 'operator')
  const theirs = requests.filter(({ next }) => next.holder !== 'operator')
  return (
    <>
      <div className="opening">
        <h1>Partner desk</h1>
        <p className="lead">
          {queue.isSuccess
            ? ours.length === 0
              ? 'Nobody waits for you.'
              : `${ours.length} ${ours.length === 1 ? 'request waits' : 'requests wait'} for you.`
            : 'Requests for production, contracts, and who holds them.'}
        </p>
      </div>
      <ProblemNote error={queue.error} />
      <div className="stack">
        {ours.map((request) => (
          <Held key={request.id} request={request} />
        ))}
        {theirs.length > 0 && (
          <section className="block" aria-labelledby="with-partners">
            <h2 id="with-partners">With partners, or over</h2>
            {theirs.map((request) => (
              <p key={request.id} className="quiet">
                {request.organizationName}: {WORDS[request.state]}, <When moment={request.movedAt} />
              </p>
            ))}
          </section>
        )}
      </div>
    </>
  )
}

const WORDS: Readonly<Record<RequestState, string>> = {
  draft: 'being drafted',
  submitted: 'submitted',
  'in-review': 'in review',
  offered: 'contract offered',
  'partner-signed': 'signed by the partner',
  countersigned: 'countersigned',
  declined: 'declined',
  withdrawn: 'withdrawn',
}

/** A request that the desk holds, with what it can do. */
function Held({ request }: { readonly request: ProductionRequest }) {
  const title = useId()
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const onSettled = () => queries.invalidateQueries({ queryKey: ['desk'] })
  const review = useMutation({ mutationFn: () => api.desk.review(request), onSettled })
  const offer = useMutation({ mutationFn: () => api.desk.offer(request), onSettled })
  const decline = useMutation({ mutationFn: () => api.desk.decline(request, reason), onSettled })
  const { organizationName, organizationId, plan, products, note, state, movedAt, contractId } = request
  return (
    <section className="sheet card" aria-labelledby={title}>
      <h2 id={title}>
        {organizationName}: {WORDS[state]}
      </h2>
      <p className="quiet">
        <code>{organizationId}</code>
      </p>
      <p>
        Asks for {products.join(', ')} on the plan {plan}, <When moment={movedAt} />.
      </p>
      {note !== '' && <p className="quiet">“{note}”</p>}
      <ProblemNote error={review.error ?? offer.error} />
      {state === 'submitted' && (
        <div>
          <Button loading={review.isPending} onClick={() => review.mutate()}>
            Take it up
          </Button>
        </div>
      )}
      {state === 'in-review' && (
        <div>
          <Button loading={offer.isPending} onClick={() => offer.mutate()}>
            Offer the contract
          </Button>
        </div>
      )}
      {state === 'partner-signed' && contractId !== undefined && (
        <Countersign id={contractId} onSigned={onSettled} />
      )}
      <details>
        <summary>Decline</summary>
        <div className="block tight inset">
          <Textarea
            label="Reason"
            description="The partner reads it."
            autosize
            minRows={2}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Confirm
            act="Decline the request"
            consequence="It ends here, and an offer with it. The partner is told the reason and may ask again."
            run={() => decline.mutate()}
            isRunning={decline.isPending}
            error={decline.error}
          />
        </div>
      </details>
    </section>
  )
}

function Countersign({ id, onSigned }: { readonly id: string; readonly onSigned: () => Promise<unknown> }) {
  const contract = useQuery({ queryKey: ['desk-contract', id], queryFn: () => api.desk.contract(id) })
  const countersign = useMutation({
    mutationFn: (signing: Parameters<typeof api.desk.countersign>[1]) => api.desk.countersign(id, signing),
    onSuccess: onSigned,
  })
  if (!contract.data) return <ProblemNote error={contract.error} />
  return (
    <>
      <ContractText text={contract.data.text} title="The contract" signatures={contract.data.signatures} />
      <Sign
        contract={contract.data}
        act="Countersign"
        isRunning={countersign.isPending}
        error={countersign.error}
        run={(signing) => countersign.mutate(signing)}
      />
    </>
  )
}
