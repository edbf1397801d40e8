/** Name of the file by which one process at a time writes to a lake. */
export const LAKE_LOCK = '.lake.lock';
