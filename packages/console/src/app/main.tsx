import { render } from 'preact'
import { App } from './frame/app.tsx'
import { followLinks } from './state/route.ts'
import { lookWhoIsSignedIn } from './state/session.ts'
import { settings } from './state/settings.ts'
import { preferredTheme, setTheme } from './state/theme.ts'
import { preferredLanguage, speak } from './words/translate.ts'

setTheme(preferredTheme())
followLinks()
if (settings.needsSignIn && settings.isSignedIn !== false) void lookWhoIsSignedIn()
void speak(preferredLanguage()).then(() => render(<App />, document.body))
