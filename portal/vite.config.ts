import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Everything is served by our own server under a policy of 'self' alone: nothing is inlined, nothing fetched elsewhere.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
