#!/usr/bin/env node
import { keepCompiledCode } from './keep-compiled-code.ts'

// Before anything else is loaded, which is then found compiled the next time.
keepCompiledCode(process.env)
void import('./main.ts').then(async ({ main }) => main(process))
