import { setTimeout as pause } from 'node:timers/promises'
import { type Command, Refused, WrongUsage } from '../command.ts'
import { askGateway } from '../drop/ask-gateway.ts'
import { openDropFolder } from '../drop/folder.ts'
import { type WorkedFile, workFile } from '../drop/work-file.ts'
import { openSession } from '../session.ts'

/** How long nothing is looked at between two looks into the folder. */
const BETWEEN_MS = 1000
/** The same, while the gateway cannot answer. */
const AFTER_FAILURE_MS = 10_000

export const drop: Command = {
  words: 'drop',
  takes: 'FOLDER',
  does: 'Send the X12 278 files that are put into FOLDER/in, and put the answers into FOLDER/out.',
  options: { once: { type: 'boolean', means: 'send what is there and end; else it waits for more' } },
  run: async ([path], options, surroundings) => {
    const { out, asJson, environment } = surroundings
    if (!path) throw new WrongUsage('the folder is needed')
    if (!environment.COUNTERSIGN_CLIENT_ID)
      throw new Refused('COUNTERSIGN_CLIENT_ID is not set: files are sent with a credential of your own.')
    const say = (words: string) => void (asJson || out.write(`${words}\n`))
    const tell = (file: WorkedFile) =>
      asJson
        ? void out.write(`${JSON.stringify(file)}\n`)
        : say(`${file.name}: ${file.answered} answered, ${file.refused} refused`)
    const folder = await openDropFolder(path)
    const ask = askGateway(() => openSession(surroundings, say))
    try {
      for (;;) {
        let isWhole = true
        let isLate = false
        for await (const name of folder.take(Date.now())) {
          const worked = await workFile(folder, name, ask, say)
          if (worked) tell(worked)
          isLate ||= worked === undefined
          isWhole &&= worked !== undefined && worked.refused === 0
        }
        if (options.once) return isWhole ? 0 : 1
        await pause(isLate ? AFTER_FAILURE_MS : BETWEEN_MS)
      }
    } finally {
      await folder.close()
    }
  },
}
