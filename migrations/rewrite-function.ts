import type { QueryRunner } from 'typeorm';

/** A piece of a function's text, and what stands in its place afterwards. */
export type Replacement = [before: string, after: string];

/**
 * Changes pieces of a function that is there, or with `isUndone` changes them back. What it takes may change as well.
 * @throws Error when the function is not as the migration knows it.
 */
export const rewriteFunction = async (runner: QueryRunner, name: string, replacements: Replacement[], isUndone = false): Promise<void> => {
  const [found] = (await runner.query(`SELECT pg_get_functiondef('${name}'::regproc) AS text`)) as { text: string }[];
  let text = found?.text ?? '';
  for (const [before, after] of replacements) {
    const [from, to] = isUndone ? [after, before] : [before, after];
    if (!text.includes(from)) throw new Error(`${name} is not as this migration knows it`);
    text = text.replace(from, () => to);
  }
  await runner.query(`DROP FUNCTION ${name}`);
  await runner.query(text);
};
