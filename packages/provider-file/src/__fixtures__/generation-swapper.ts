import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Updates a volume as the kubelet does: a new directory, the link `..data` exchanged, the old directory removed. */
const [volume = ''] = process.argv.slice(2)
/** Far less than the minute of a kubelet. */
const pauseMs = 50
const nobody = new Int32Array(new SharedArrayBuffer(4))
for (let generation = 1; ; generation += 1) {
  Atomics.wait(nobody, 0, 0, pauseMs)
  const name = `..generation_${generation}`
  mkdirSync(join(volume, name))
  writeFileSync(join(volume, name, 'USER'), `user ${generation}\n`)
  writeFileSync(join(volume, name, 'PASSWORD'), `password ${generation}\n`)
  symlinkSync(name, join(volume, '..data_tmp'))
  renameSync(join(volume, '..data_tmp'), join(volume, '..data'))
  if (generation === 1) {
    symlinkSync('..data/USER', join(volume, 'USER'))
    symlinkSync('..data/PASSWORD', join(volume, 'PASSWORD'))
    writeSync(1, 'ready\n')
  } else {
    rmSync(join(volume, `..generation_${generation - 1}`), { recursive: true })
  }
}
