import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, type ProductionRequest } from '../../api.ts'
import { Confirm } from '../../confirm.tsx'
import { ContractText } from '../../contract-text.tsx'
import { ProblemNote } from '../../problem-note.tsx'
import { Seal } from '../../seal.tsx'
import { Sign } from '../../sign.tsx'
import { When } from '../../when.tsx'
import { Way } from './way.tsx'

/** A request that is on its way: how far it is, and its contract once there is one. */
export function OpenRequest({ request }: { readonly request: ProductionRequest }) {
  const queries = useQueryClient()
  const refresh = () =>
    Promise.all(['requests', 'contract'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
  const submit = useMutation({ mutationFn: () => api.submit(request), onSettled: refresh })
  const withdraw = useMutation({ mutationFn: () => api.withdraw(request), onSettled: refresh })
  const { state, contractId, products, movedAt, next } = request
  const isSigned = state === 'partner-signed' || state === 'countersigned'
  return (
    <div className="stack">
      <Way state={state} />
      <dl className="facts plain">
        <div>
          <dt>Asked for</dt>
          <dd>{products.join(', ')}</dd>
        </div>
        <div>
          <dt>Now with</dt>
          <dd>
            {next.holder === 'operator' ? 'the operator’s partner desk' : 'your company'}, since{' '}
            <When moment={movedAt} />
          </dd>
        </div>
      </dl>
      {state === 'draft' && (
        <div className="block">
          <ProblemNote error={submit.error} />
          <div>
            <Button loading={submit.isPending} onClick={() => submit.mutate()}>
              Submit the request
            </Button>
          </div>
        </div>
      )}
      {contractId !== undefined && (
        <TheContract id={contractId} mayBeSigned={state === 'offered'} onSigned={refresh} />
      )}
      {state === 'countersigned' && (
        <p className="actions">
          <Seal pressed size={36} />
          <span>
            Both sides have signed. <Link to="/credentials">Make production credentials</Link>.
          </span>
        </p>
      )}
      {!isSigned && (
        <div>
          <Confirm
            act="Withdraw the request"
            consequence="It ends here, and an offer with it. You may ask again at any time."
            run={() => withdraw.mutate()}
            isRunning={withdraw.isPending}
            error={withdraw.error}
          />
        </div>
      )}
    </div>
  )
}

interface TheContractProps {
  readonly id: string
  readonly mayBeSigned: boolean
  readonly onSigned: () => Promise<unknown>
}

function TheContract({ id, mayBeSigned, onSigned }: TheContractProps) {
  const contract = useQuery({ queryKey: ['contract', id], queryFn: () => api.contract(id) })
  const sign = useMutation({
    mutationFn: (signing: Parameters<typeof api.sign>[1]) => api.sign(id, signing),
    onSuccess: onSigned,
  })
  if (!contract.data) return <ProblemNote error={contract.error} />
  return (
    <>
      <ContractText text={contract.data.text} title="Your contract" signatures={contract.data.signatures} />
      {contract.data.state !== 'offered' && contract.data.state !== 'partner-signed' && (
        <p>
          <a href={`/api/contracts/${id}/file`} download>
            Download the sealed PDF
          </a>
        </p>
      )}
      {mayBeSigned && (
        <Sign
          contract={contract.data}
          act="Sign"
          isRunning={sign.isPending}
          error={sign.error}
          run={(signing) => sign.mutate(signing)}
        />
      )}
    </>
  )
}
