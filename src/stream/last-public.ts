/**
 * When the last entry came that a room's customer sees, or the room itself, as SQL on a room `r` and its counters `c`. What is done
 * to the customer for silence counts from then: what staff say among themselves shows in nothing, not in the time of it either.
 */
export const LAST_PUBLIC_AT = `coalesce(
  (SELECT said.created_at FROM message said WHERE said.room_id = r.id AND said.stream = 'public' AND said.seq = c.public_seq), r.created_at)`;
