import type { monitorEventLoopDelay } from 'node:perf_hooks'
import { Gauge, type Metric } from 'prom-client'
import type { AuditLog } from '../audit/audit-log.ts'

/** What the process is measured by. */
export interface ProcessMetricsContext {
  readonly audit: Pick<AuditLog, 'receipt'>
  /** Running. */
  readonly eventLoop: ReturnType<typeof monitorEventLoopDelay>
}

/** How the process is, and how long its audit log. */
export function processMetrics({ audit, eventLoop }: ProcessMetricsContext): readonly Metric[] {
  const lag = new Gauge({
    name: 'st_event_loop_lag_seconds',
    help: 'By how much the event loop was late, since this was last asked for.',
    labelNames: ['quantile'],
    registers: [],
    collect() {
      for (const percentile of [50, 99]) {
        this.set({ quantile: percentile / 100 }, eventLoop.percentile(percentile) / 1e9)
      }
      eventLoop.reset()
    },
  })
  const memory = new Gauge({
    name: 'st_process_memory_bytes',
    help: 'Memory of the process.',
    labelNames: ['kind'],
    registers: [],
    collect() {
      const { rss, heapUsed } = process.memoryUsage()
      this.set({ kind: 'resident' }, rss)
      this.set({ kind: 'heap' }, heapUsed)
    },
  })
  const uptime = new Gauge({
    name: 'st_process_uptime_seconds',
    help: 'Since the process was started.',
    registers: [],
    collect() {
      this.set(process.uptime())
    },
  })
  return [lag, memory, uptime, auditEntries(audit)]
}

function auditEntries(audit: Pick<AuditLog, 'receipt'>): Metric {
  return new Gauge({
    name: 'st_audit_entries',
    help: 'The number of the newest entry of the audit log; -1 when the log cannot be read.',
    registers: [],
    async collect() {
      // What is wrong with it, health tells.
      const newest = await audit.receipt().then(
        ({ sequence }) => sequence,
        () => -1,
      )
      this.set(newest)
    },
  })
}
