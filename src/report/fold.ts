/** Where the counting of a room stands. Times are in milliseconds. */
export interface Progress {
  /** When the present opening began; null while the room is closed. */
  openedAt: number | null;
  /** When its customer wrote first since then. */
  askedAt: number | null;
  /** Whether a person has answered that. */
  isAnswered: boolean;
  /** Whether it has had an agent since it was opened. */
  isTaken: boolean;
  holderId: string | null;
}

/** A public entry, as far as it counts. Activities of other types are passed over. */
export interface Line {
  seq: number;
  at: number;
  /** Null for what somebody wrote. */
  activity: string | null;
  assigneeId: string | null;
  senderId: string | null;
  /** Machines and whoever else are `other`. */
  by: 'customer' | 'staff' | 'other';
}

/** Something that reports count, at the moment it happened. */
export interface Milestone {
  /** Of the entry that it is made from; 0 for the making of the room. */
  seq: number;
  kind: 'opened' | 'assigned' | 'responded' | 'closed';
  at: number;
  agentId: string | null;
  /** How long it took to come to this; null where nobody asks. */
  ms: number | null;
}

export const beginning = (openedAt: number): Progress => ({
  openedAt,
  askedAt: null,
  isAnswered: false,
  isTaken: false,
  holderId: null,
});

/** Goes on with the counting of a room over its next entries, in order. */
export const fold = (before: Progress, lines: Line[]): { progress: Progress; milestones: Milestone[] } => {
  let now = { ...before };
  const milestones: Milestone[] = [];
  const note = ({ seq, at }: Line, kind: Milestone['kind'], agentId: string | null, since: number | null): void => {
    milestones.push({ seq, kind, at, agentId, ms: since === null ? null : Math.max(0, at - since) });
  };
  const hold = (line: Line): void => {
    const { assigneeId } = line;
    if (assigneeId !== null && assigneeId !== now.holderId) {
      note(line, 'assigned', assigneeId, now.isTaken ? null : now.openedAt);
      now.isTaken = true;
    }
    now.holderId = assigneeId;
  };
  for (const line of lines) {
    switch (line.activity) {
      case null:
        if (line.by === 'customer') now.askedAt ??= line.at;
        else if (line.by === 'staff' && now.askedAt !== null && !now.isAnswered) {
          note(line, 'responded', line.senderId, now.askedAt);
          now.isAnswered = true;
        }
        break;
      case 'assigned':
      case 'transferred':
      case 'unassigned':
        hold(line);
        break;
      case 'reopened':
        if (now.openedAt !== null) break;
        note(line, 'opened', null, null);
        // Who has it at once need not be waited for.
        now = { ...beginning(line.at), isTaken: line.assigneeId !== null };
        hold(line);
        break;
      case 'closed':
      case 'ended':
        if (now.openedAt === null) break;
        note(line, 'closed', now.holderId, now.openedAt);
        now.openedAt = null;
    }
  }
  return { progress: now, milestones };
};
