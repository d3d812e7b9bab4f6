import { Button, Checkbox, Radio, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, type Plan, type Price } from '../../api.ts'
import { ContractText } from '../../contract-text.tsx'
import { ProblemNote } from '../../problem-note.tsx'

/** Choosing a plan and its products, reading what would be signed, and asking for it. */
export function Ask() {
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: api.catalogue })
  const [planId, setPlanId] = useState<string>()
  const [chosen, setChosen] = useState<readonly string[]>()
  const [note, setNote] = useState('')
  const queries = useQueryClient()
  const preview = useMutation({ mutationFn: api.preview })
  const ask = useMutation({
    mutationFn: async (wish: Parameters<typeof api.draft>[0]) => api.submit(await api.draft(wish)),
    onSettled: () => queries.invalidateQueries({ queryKey: ['requests'] }),
  })
  const plans = catalogue.data?.plans.filter(({ kind }) => kind === 'contract') ?? []
  const plan = plans.find(({ id }) => id === planId) ?? plans[0]
  if (!catalogue.isSuccess) return <ProblemNote error={catalogue.error} />
  if (!plan) return <p className="quiet">The operator offers no plan by contract right now.</p>
  const products = catalogue.data.products.filter(({ id }) => plan.products.includes(id))
  const wanted = chosen ?? plan.products
  const wish = { plan: plan.id, products: wanted.filter((id) => plan.products.includes(id)) }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    ask.mutate({ ...wish, note })
  }
  return (
    <form className="stack" onSubmit={submit}>
      <Radio.Group label="Plan" value={plan.id} onChange={setPlanId}>
        <div className="choices">
          {plans.map((one) => (
            <Radio
              key={one.id}
              value={one.id}
              label={one.name}
              description={`${one.summary} ${priceOf(one)}`}
            />
          ))}
        </div>
      </Radio.Group>
      <Checkbox.Group label="Products" value={[...wish.products]} onChange={setChosen}>
        <div className="choices">
          {products.map(({ id, name, summary }) => (
            <Checkbox key={id} value={id} label={name} description={summary} />
          ))}
        </div>
      </Checkbox.Group>
      <Textarea
        label="Anything the partner desk should know"
        description="Optional. Never anything about a patient."
        autosize
        minRows={2}
        maxLength={2000}
        maw={640}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <ProblemNote error={ask.error ?? preview.error} />
      <div className="actions">
        <Button type="submit" disabled={wish.products.length === 0} loading={ask.isPending}>
          Ask for production
        </Button>
        <Button
          variant="default"
          disabled={wish.products.length === 0}
          loading={preview.isPending}
          onClick={() => preview.mutate(wish)}
        >
          Read what you would sign
        </Button>
      </div>
      {preview.data && <ContractText text={preview.data.text} title="What you would sign" />}
    </form>
  )
}

function priceOf({ prices }: Plan): string {
  if (prices.length === 0) return 'No price.'
  return prices.map(sentence).join(' ')
}

function sentence({ amount, per, product }: Price): string {
  return `$${amount} a ${per}${product === undefined ? '' : ` of ${product}`}.`
}
