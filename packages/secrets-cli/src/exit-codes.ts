/** What the process ends with; the numbers are documented and never change their meaning. */
export const exitCodes = {
  /** It was done. */
  ok: 0,
  /** Something that nobody foresaw, a full disk included. */
  unexpected: 1,
  /** The command line or the configuration file cannot be understood, or names what is not installed. */
  usage: 2,
  /** What was named does not exist. */
  notFound: 3,
  /** Somebody could not be asked, or not in time. */
  unavailable: 4,
  /** A provider refuses its credential, or does not let it do this. */
  refused: 5,
  /** Data cannot be used, or a file's permissions do not allow it. */
  unusable: 6,
  /** Somebody else was faster, or holds a lock. */
  conflict: 7,
} as const

/** One of {@link exitCodes}; `run` has two more, as shells have: 126 for a command that cannot be run, 127 for none. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes] | 126 | 127
