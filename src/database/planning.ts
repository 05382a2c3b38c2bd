/**
 * For connections whose statements find every row by a key: planned once, without the keys. The tables grow long after
 * that, and a plan for the few keys of the moment would seem cheaper each time, and be made anew each time.
 */
export const BY_KEY =
  'SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off; SET plan_cache_mode = force_generic_plan';
