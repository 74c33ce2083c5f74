/** Where configured prices are kept. */
export interface HardwareInfoStore {
  /**
   * Reads the configured table, as it is stored.
   *
   * @returns Records with `name` and `cost_per_second` by hardware identifier; `undefined` or `null` when none is
   *   configured. It may be anything: what is not a table of prices is not used.
   */
  readHardwareInfo(): unknown
}
