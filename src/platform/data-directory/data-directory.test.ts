import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, type TestContext, test } from 'node:test'
import { DataDirectoryRefused, openDataDirectory } from './index.ts'

let scratch: string
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'countersign-data-directory-'))
})
after(() => rm(scratch, { recursive: true, force: true }))

let folders = 0
const aFolder = () => join(scratch, `data-${folders++}`)

const STARTER = `
  import { openDataDirectory } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
  process.stdin.once('data', async () => {
    try {
      await openDataDirectory(process.argv[1])
      console.log('taken')
    } catch (error) {
      console.log(error.name + ': ' + error.message)
      process.exit()
    }
  })
  console.log('ready')`

interface Starter {
  readonly process: ChildProcess
  /** Lets it try; returns what it says. */
  start(): Promise<string>
  kill(): Promise<void>
}

/** A process of its own that takes the folder when told, says what came of it, and keeps it until it is killed. */
async function aStarter(context: TestContext, folder: string): Promise<Starter> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', STARTER, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const exited = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  context.after(kill)
  assert.equal((await lines.next()).value, 'ready')
  return {
    process: child,
    start: async () => {
      child.stdin.write('start\n')
      return (await lines.next()).value ?? ''
    },
    kill,
  }
}

test('the folder is made, with those above it, and closed to other users', async () => {
  const folder = join(aFolder(), 'below')
  const data = await openDataDirectory(folder)
  assert.equal(data.path, folder)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  await data.release()
})

test('a folder that was open to others is closed to them', async () => {
  const folder = aFolder()
  await mkdir(folder, { mode: 0o755 })
  const data = await openDataDirectory(folder)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  await data.release()
})

test('a released folder can be taken again, and releasing it twice lets go only once', async () => {
  const folder = aFolder()
  const first = await openDataDirectory(folder)
  await first.release()
  const second = await openDataDirectory(folder)
  await first.release()
  await assert.rejects(openDataDirectory(folder), { why: 'in-use' })
  await second.release()
})

test('the same process is refused a folder that it has already', async () => {
  const data = await openDataDirectory(aFolder())
  await assert.rejects(openDataDirectory(data.path), /this same process/)
  await data.release()
})

test('taking the folder leaves nothing but the lock and the note of who has it', async () => {
  const data = await openDataDirectory(aFolder())
  assert.deepEqual((await readdir(data.path)).sort(), ['lock', 'lock.holder'])
  await data.release()
})

test('a second process is refused, with the folder and the pid that has it named', async (context) => {
  const folder = aFolder()
  const [first, second] = [await aStarter(context, folder), await aStarter(context, folder)]
  assert.equal(await first.start(), 'taken')
  const answer = await second.start()
  assert.match(answer, /^DataDirectoryRefused: /)
  assert.ok(answer.includes(folder), answer)
  assert.ok(answer.includes(`pid ${first.process.pid}`), answer)
  assert.match(answer, /COUNTERSIGN_DATA_DIR/)
})

test('the folder of a process that was killed can be taken at once', async (context) => {
  const folder = aFolder()
  const [first, second, third] = [
    await aStarter(context, folder),
    await aStarter(context, folder),
    await aStarter(context, folder),
  ]
  await first.start()
  assert.match(await second.start(), /in use/)
  await first.kill()
  assert.equal(await third.start(), 'taken')
})

test('of ten processes that start at once exactly one gets the folder', async (context) => {
  const folder = aFolder()
  const starters = []
  for (let i = 0; i < 10; i++) starters.push(await aStarter(context, folder))
  const answers = await Promise.all(starters.map((starter) => starter.start()))
  assert.equal(answers.filter((answer) => answer === 'taken').length, 1, answers.join('\n'))
  const winner = starters[answers.indexOf('taken')]
  for (const answer of answers.filter((one) => one !== 'taken'))
    assert.ok(answer.includes(`pid ${winner?.process.pid}`), answer)
})

test('a process that was turned away, and ended, does not take the lock away from its holder', async (context) => {
  const folder = aFolder()
  const data = await openDataDirectory(folder)
  const second = await aStarter(context, folder)
  await second.start()
  await second.kill()
  const third = await aStarter(context, folder)
  assert.match(await third.start(), /in use/)
  await data.release()
})

test('a path that is a file is refused', async () => {
  const file = aFolder()
  await writeFile(file, '')
  await assert.rejects(openDataDirectory(file), (error: DataDirectoryRefused) => {
    assert.equal(error.why, 'not-a-folder')
    assert.ok(error.message.includes(file))
    return true
  })
})

test('a path below a file is refused', async () => {
  const file = aFolder()
  await writeFile(file, '')
  await assert.rejects(openDataDirectory(join(file, 'data')), { why: 'not-a-folder' })
})

test('a link that leads back to itself is refused', async () => {
  const link = aFolder()
  await symlink(link, link)
  await assert.rejects(openDataDirectory(link), DataDirectoryRefused)
})

test('a lock file that something else wrote is refused rather than overwritten', async () => {
  const folder = aFolder()
  await mkdir(folder)
  await writeFile(
    join(folder, 'lock'),
    'somebody else keeps a note here, long enough to be read as a header'.repeat(9),
  )
  await assert.rejects(openDataDirectory(folder), /holds a file named "lock" that is not ours/)
})

test('a lock that is a folder is refused', async () => {
  const folder = aFolder()
  await mkdir(join(folder, 'lock'), { recursive: true })
  await assert.rejects(openDataDirectory(folder), { why: 'not-writable' })
})

const isRoot = process.getuid?.() === 0
test('a folder that this user may not write to is refused', {
  skip: isRoot && 'the superuser may write everywhere',
}, async () => {
  const above = aFolder()
  await mkdir(above)
  await chmod(above, 0o500)
  await assert.rejects(openDataDirectory(join(above, 'data')), { why: 'not-writable' })
})

test("another user's folder is refused, with what to do", {
  skip: !isRoot && 'needs to become another user',
}, async (context) => {
  const folder = aFolder()
  await chmod(scratch, 0o755)
  await mkdir(folder, { mode: 0o777 })
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', STARTER, folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
    uid: 65534,
    gid: 65534,
  })
  context.after(() => child.kill('SIGKILL'))
  child.stdin.end('start\n')
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  await once(child, 'close')
  assert.match(said, /belongs to another user: give it to this one/)
})
