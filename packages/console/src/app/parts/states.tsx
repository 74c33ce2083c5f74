import { Button } from './button.tsx'
import type { ComponentChildren, VNode } from 'preact'
import type { Resource } from '../api/use-resource.ts'
import type { RequestProblem } from '../api/request.ts'
import { t } from '../words/translate.ts'
import { problemText } from './problem.tsx'

/** What a view shows of something that the server tells: that it is asked, why it cannot be had, or the thing itself. */
export function Shown<T>({
  of: { data, problem, reload },
  children,
}: {
  readonly of: Resource<T>
  readonly children: (data: T) => ComponentChildren
}): VNode {
  if (data === undefined) return problem === undefined ? <Loading /> : <Failed problem={problem} retry={reload} />
  return (
    <>
      {problem !== undefined && <Failed problem={problem} retry={reload} />}
      {children(data)}
    </>
  )
}

/** That it is on its way. */
export function Loading(): VNode {
  return (
    <p class="state loading" role="status">
      {t('Loading…')}
    </p>
  )
}

/** Why it cannot be had, and trying again. */
export function Failed({ problem, retry }: { readonly problem: RequestProblem; readonly retry: () => void }): VNode {
  const isRefused = problem.status === 403
  return (
    <div class="state failed" role="alert">
      <p>{problemText(problem)}</p>
      {!isRefused && <Button onClick={retry}>{t('Try again')}</Button>}
    </div>
  )
}

/** That there is nothing, and what to do about it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }): VNode {
  return (
    <div class="state">
      <p>
        <b>{title}</b>
      </p>
      {children}
    </div>
  )
}
