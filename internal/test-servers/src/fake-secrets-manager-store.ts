import { randomUUID } from 'node:crypto'

/** What a secret holds: text, or bytes. */
export type FakeSecretContent = string | Uint8Array

/** A version of a secret with the staging labels that are attached to it. */
export interface FakeSecretVersion {
  readonly id: string
  readonly content: FakeSecretContent
  readonly stages: Set<string>
}

/** One of the service's exceptions, thrown while an answer is made. */
export class AwsRefusal extends Error {
  readonly type: string

  /**
   * @param type - Its name, such as `ResourceNotFoundException`.
   * @param message - What the service says with it.
   */
  constructor(type: string, message = '') {
    super(message)
    this.type = type
  }
}

/** How a new version is stored. */
export interface NewFakeVersion {
  /** Default: random. */
  readonly id?: string | undefined
  /** Labels that move to it. Default: `AWSCURRENT`. */
  readonly stages?: readonly string[] | undefined
}

/** A secret with its versions, as Secrets Manager keeps them. */
export class FakeSecret {
  readonly name: string
  readonly arn: string
  /** Whether it is scheduled for deletion. */
  isDeleted = false
  readonly #versions = new Map<string, FakeSecretVersion>()

  constructor(name: string) {
    this.name = name
    this.arn = `arn:aws:secretsmanager:us-west-2:123456789012:secret:${name}-Ab1Cd2`
  }

  /** Whether this id means it: its name, its ARN, or its ARN without the six random characters. */
  isMeantBy(id: string | undefined): boolean {
    return id === this.name || id === this.arn || id === this.arn.replace(/-\w{6}$/, '')
  }

  /** Stores a new version; the labels move to it. */
  add(
    content: FakeSecretContent,
    { id = randomUUID(), stages = ['AWSCURRENT'] }: NewFakeVersion = {},
  ): FakeSecretVersion {
    if (this.#versions.has(id)) throw new AwsRefusal('ResourceExistsException', `Version ${id} is there already.`)
    const version = { id, content, stages: new Set<string>() }
    this.#versions.set(id, version)
    for (const stage of stages) this.#move(stage, version)
    return version
  }

  /** The version that is asked for: by id, by label, or the current one. */
  version(id: string | undefined, stage = 'AWSCURRENT'): FakeSecretVersion {
    const found = id === undefined ? this.#labelled(stage) : this.#versions.get(id)
    if (found !== undefined) return found
    const which = id === undefined ? `staging label: ${stage}` : `VersionId: ${id}`
    throw new AwsRefusal(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${which}`,
    )
  }

  /** Moves a label, if it is where the caller believes it to be. */
  moveStage(stage: string, from: string | undefined, to: string): void {
    const attached = this.#labelled(stage)?.id
    if (attached !== from) {
      const message = `Staging label ${stage} is currently attached to version ${attached}, so you must explicitly reference that version in RemoveFromVersionId.`
      throw new AwsRefusal('InvalidParameterException', message)
    }
    this.#move(stage, this.version(to))
  }

  #labelled(stage: string): FakeSecretVersion | undefined {
    return [...this.#versions.values()].find(({ stages }) => stages.has(stage))
  }

  #move(stage: string, version: FakeSecretVersion): void {
    const before = this.#labelled(stage)
    before?.stages.delete(stage)
    version.stages.add(stage)
    if (stage === 'AWSCURRENT' && before) this.#move('AWSPREVIOUS', before)
  }
}
