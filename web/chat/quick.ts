/** A line with nothing but answers to choose from: `[Yes](reply:) [No](reply:)`. */
const LINE = /^[ \t]*(?:\[[^\]\n]{1,80}\]\(reply:\)[ \t]*)+$/;
const ANSWER = /\[([^\]\n]{1,80})\]\(reply:\)/g;

/** What a text says, and the answers that its last lines offer. */
export const quickReplies = (body: string): { text: string; replies: string[] } => {
  const lines = body.trimEnd().split('\n');
  const replies: string[] = [];
  while (lines.length > 0 && LINE.test(lines.at(-1) as string)) {
    replies.unshift(...[...(lines.pop() as string).matchAll(ANSWER)].map(([, answer]) => answer as string));
  }
  return replies.length > 0 ? { text: lines.join('\n').trimEnd(), replies } : { text: body, replies };
};
