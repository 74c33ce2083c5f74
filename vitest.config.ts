import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { ClosingLineReporter } from './internal/test-setup/src/closing-line-reporter.ts'
import { standardDecorators } from './internal/test-setup/src/standard-decorators.ts'

/** Vite resolves with these; `import` among them would break packages that are CommonJS only. */
const conditions = ['@st/source', 'node']

const projects = ['packages', 'apps', 'internal'].flatMap(group =>
  readdirSync(new URL(group, import.meta.url)).map(name => `${group}/${name}`),
)

export default defineConfig({
  plugins: [standardDecorators()],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    maxWorkers: '100%',
    passWithNoTests: false,
    // A bound on hanging, not a measure: two cores may be shared with a build.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: [['default', { summary: false }], new ClosingLineReporter()],
    setupFiles: [new URL('internal/test-setup/src/isolate-environment.ts', import.meta.url).pathname],
    // @st/secrets-core loads the provider packages by `require`, past Vite.
    execArgv: ['--conditions=@st/source'],
    projects: projects.map(root => ({
      extends: true,
      test: { name: root, root, include: ['src/**/*.test.ts'] },
    })),
  },
})
