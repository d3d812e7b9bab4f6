import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { access, chown, constants, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

/** A PostgreSQL server of our own, gone when it is stopped or when this process ends, however that ends. */
export interface PrivateServer {
  /** As `countersign`: no superuser, owns its database, may create roles and databases. */
  readonly url: string
  /** As the superuser, to the same database. */
  readonly superuserUrl: string
  /** The server's own version, such as `15.18`. */
  readonly version: string
  stop(): Promise<void>
}

export interface PrivateServerOptions {
  /** True writes to the disk as a real server does (for measuring); false is faster and loses all when power fails. */
  readonly durable?: boolean
  /** More settings, as `name=value`. */
  readonly settings?: readonly string[]
}

/** No server could be started, and what to do about it. */
export class NoPostgres extends Error {
  override readonly name = 'NoPostgres'
}

/**
 * Starts a private server from the PostgreSQL that this machine has, on a free port of the loopback, in a folder of its
 * own. The superuser starts it as the user `postgres`, as PostgreSQL demands.
 *
 * @throws NoPostgres
 */
export async function startPostgres(options: PrivateServerOptions = {}): Promise<PrivateServer> {
  const { bin, version } = await findBinaries()
  const user = await serverUser()
  const folder = await mkdtemp(join(tmpdir(), 'countersign-postgres-'))
  try {
    if (user) await chown(folder, user.uid, user.gid)
    const password = randomBytes(18).toString('hex')
    await initialize(bin, folder, password, user)
    const port = await freePort()
    const stop = await serve(bin, folder, port, options, user)
    const at = (name: string, database: string) =>
      `postgres://${name}:${password}@127.0.0.1:${port}/${database}`
    try {
      await prepare(at('postgres', 'postgres'), password)
    } catch (error) {
      await stop()
      throw error
    }
    return {
      url: at('countersign', 'countersign'),
      superuserUrl: at('postgres', 'countersign'),
      version,
      stop,
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** A database of its own on a running server, for what makes schemas with fixed names. */
export interface FreshDatabase {
  readonly url: string
  /** Removes it, whoever is still connected, and the roles that came with it. */
  drop(): Promise<void>
}

const OURS = "rolname ~ '^(control|sandbox|production)_'"

/**
 * Makes an empty database on the server that a URL names. Its user must be allowed to create databases and roles.
 *
 * @throws Error as the server words it
 */
export async function freshDatabase(serverUrl: string): Promise<FreshDatabase> {
  const name = `t${randomBytes(5).toString('hex')}`
  const rolesNow = async (client: pg.Client) =>
    (await client.query<{ rolname: string }>(`select rolname from pg_roles where ${OURS}`)).rows.map(
      (row) => row.rolname,
    )
  const before = await connected(serverUrl, async (client) => {
    await client.query(`create database ${name}`)
    return rolesNow(client)
  })
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () =>
      connected(serverUrl, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`)
        for (const role of await rolesNow(client)) {
          if (before.includes(role)) continue
          // Roles belong to the whole server: one that another database has begun to use stays.
          await client.query(`drop role if exists ${role}`).catch(() => undefined)
        }
      }),
  }
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

interface SystemUser {
  readonly uid: number
  readonly gid: number
}

async function findBinaries(): Promise<{ readonly bin: string; readonly version: string }> {
  const packaged = (await readdir('/usr/lib/postgresql').catch(() => []))
    .sort((a, b) => Number(b) - Number(a))
    .map((major) => `/usr/lib/postgresql/${major}/bin`)
  for (const bin of [...(process.env.PATH ?? '').split(delimiter), ...packaged]) {
    const version = await versionIn(bin)
    if (version !== undefined && Number.parseInt(version, 10) >= 15) return { bin, version }
  }
  throw new NoPostgres(
    'No PostgreSQL 15 or later was found in PATH or /usr/lib/postgresql. Install it (Debian and Ubuntu: apt-get install postgresql), or name a running server with TEST_DATABASE_URL.',
  )
}

async function versionIn(bin: string): Promise<string | undefined> {
  try {
    await access(join(bin, 'initdb'), constants.X_OK)
    const { stdout } = await run(join(bin, 'postgres'), ['--version'])
    return / (\d+(\.\d+)?)/.exec(stdout)?.[1]
  } catch {
    return undefined
  }
}

/** The user to become; undefined when we may stay who we are. */
async function serverUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  try {
    const idOf = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout)
    return { uid: await idOf('-u'), gid: await idOf('-g') }
  } catch {
    throw new NoPostgres(
      'PostgreSQL does not run as root, and there is no user named postgres to run it as: create one, or run this as another user.',
    )
  }
}

async function initialize(
  bin: string,
  folder: string,
  password: string,
  user: SystemUser | undefined,
): Promise<void> {
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (user) await chown(passwordFile, user.uid, user.gid)
  await run(
    join(bin, 'initdb'),
    [
      `--pgdata=${join(folder, 'data')}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { cwd: folder, ...user },
  )
  await rm(passwordFile)
}

/** A port of the loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

const HASTY = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

/** Runs the server until its standard input ends, which it does with us; then stops it by its pid. */
const KEEPER = 'folder=$1; shift; "$@" & pid=$!; read -r _; kill -INT $pid; wait $pid; rm -rf "$folder"'

/** Resolves, once the server accepts connections, to what stops it and removes its folder. */
async function serve(
  bin: string,
  folder: string,
  port: number,
  options: PrivateServerOptions,
  user: SystemUser | undefined,
): Promise<() => Promise<void>> {
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=200',
    'lc_messages=C',
    ...(options.durable === true ? [] : HASTY),
    ...(options.settings ?? []),
  ].flatMap((setting) => ['-c', setting])
  const command = [join(bin, 'postgres'), '-D', join(folder, 'data'), ...settings]
  // In a session of its own, so that Ctrl-C reaches it through us alone.
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', folder, ...command], {
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    ...user,
  })
  const exited = once(keeper, 'exit')
  const stop = async () => {
    keeper.stdin.end()
    await exited
    await rm(folder, { recursive: true, force: true })
  }
  const said: string[] = []
  const ready = Promise.withResolvers<void>()
  createInterface({ input: keeper.stderr }).on('line', (line) => {
    if (said.push(line) > 20) said.shift()
    if (line.includes('ready to accept connections')) ready.resolve()
    else if (/FATAL|not found/.test(line))
      ready.reject(new NoPostgres(`PostgreSQL did not start:\n${said.join('\n')}`))
  })
  try {
    await ready.promise
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

async function prepare(superuserUrl: string, password: string): Promise<void> {
  await connected(superuserUrl, async (client) => {
    await client.query(`create role countersign login createrole createdb password '${password}'`)
    await client.query('create database countersign owner countersign')
  })
}
