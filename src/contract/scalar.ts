/**
 * A UUID in lower case; ids that the server makes are of version 7, so that they sort by time.
 * @format uuid
 */
export type Id = string;

/** What an `Id` looks like, inside a pattern of texts that hold ids. */
export const ID_PATTERN = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/**
 * A moment, ISO 8601 UTC with milliseconds.
 * @format date-time
 * @pattern ^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$
 */
export type Time = string;

/**
 * A whole number that counts.
 * @asType integer
 * @minimum 0
 */
export type Count = number;

/** A JSON object of free form. */
export type FreeObject = Record<string, unknown>;
