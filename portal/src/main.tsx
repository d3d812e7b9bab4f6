import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/source-serif-4/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '@mantine/core/styles.layer.css'
import './tokens.css'
import './page.css'
import { createTheme, MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Frame } from './frame.tsx'
import { Credentials } from './pages/credentials/page.tsx'
import { Desk } from './pages/desk.tsx'
import { GoLive } from './pages/go-live/page.tsx'
import { Outbox } from './pages/outbox.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { SignUp } from './pages/sign-up.tsx'
import { Verify } from './pages/verify.tsx'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    readonly title?: string
  }
}

const root = createRootRoute({ component: Frame })
const page = (path: string, title: string, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => root, path, component, staticData: { title } })

const router = createRouter({
  routeTree: root.addChildren([
    page('/', 'Open a sandbox', SignUp),
    page('/sign-up', 'Open a sandbox', SignUp),
    page('/verify', 'Verify your e-mail', Verify),
    page('/credentials', 'Credentials', Credentials),
    page('/go-live', 'Go live', GoLive),
    page('/desk', 'Partner desk', Desk),
    page('/sign-in', 'Sign in', SignIn),
    page('/outbox', 'Development outbox', Outbox),
  ]),
})

router.subscribe('onResolved', ({ fromLocation, pathChanged }) => {
  const title = router.state.matches.at(-1)?.staticData.title
  document.title = title === undefined ? 'Countersign' : `${title} · Countersign`
  // Whoever hears the page is told that it is another one; a first page is read from its beginning anyway.
  if (fromLocation && pathChanged) document.getElementById('content')?.focus({ preventScroll: true })
})

const theme = createTheme({
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  defaultRadius: 'sm',
})
const queries = new QueryClient()
const place = document.getElementById('root')
if (!place) throw new Error('the page has no place to draw in')

createRoot(place).render(
  <StrictMode>
    {/* The library's variables are in a stylesheet of ours: a style element would need an opening in the content policy. */}
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
