import { Button, Radio, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, type NewCredential } from '../../api.ts'
import { faultAt, ProblemNote } from '../../problem-note.tsx'
import { KeysField, type KeysTyped, NO_KEYS, readKeys } from './keys-field.tsx'

/** One more credential: by a secret, or by a key pair. */
export function Create({ onCreated }: { readonly onCreated: (credential: NewCredential) => void }) {
  const [label, setLabel] = useState('')
  const [proof, setProof] = useState('secret')
  const [environment, setEnvironment] = useState<'sandbox' | 'production'>('sandbox')
  const [typed, setTyped] = useState<KeysTyped>(NO_KEYS)
  const [fault, setFault] = useState<string>()
  const create = useMutation({
    mutationFn: api.createCredential,
    onSuccess: (credential) => {
      setLabel('')
      setTyped(NO_KEYS)
      onCreated(credential)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (proof === 'secret') return create.mutate({ label, environment })
    const read = readKeys(typed)
    setFault('fault' in read ? read.fault : undefined)
    if ('keys' in read) create.mutate({ label, environment, ...read.keys })
  }
  return (
    <form className="block" onSubmit={submit} aria-labelledby="another-title">
      <h2 id="another-title">Create another</h2>
      <TextInput
        label="Label"
        description="What will use it, such as “build server”."
        required
        withAsterisk={false}
        maxLength={80}
        maw={420}
        value={label}
        error={faultAt(create.error, '/label')}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <Radio.Group
        label="Where it is for"
        value={environment}
        onChange={(value) => setEnvironment(value === 'production' ? 'production' : 'sandbox')}
      >
        <div className="choices">
          <Radio value="sandbox" label="Sandbox" />
          <Radio value="production" label="Production, once a contract is countersigned" />
        </div>
      </Radio.Group>
      <Radio.Group label="It proves itself with" value={proof} onChange={setProof}>
        <div className="choices">
          <Radio value="secret" label="A secret, made here and shown once" />
          <Radio value="keys" label="A key pair: you keep the private key, we never see it" />
        </div>
      </Radio.Group>
      {proof === 'keys' && <KeysField typed={typed} onChange={setTyped} fault={fault} />}
      <ProblemNote error={create.error} />
      <div className="actions">
        <Button type="submit" variant="default" loading={create.isPending}>
          Create {environment} credential
        </Button>
      </div>
    </form>
  )
}
