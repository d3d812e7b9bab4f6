export { type DataDirectory, DataDirectoryRefused, openDataDirectory } from './data-directory.ts'
