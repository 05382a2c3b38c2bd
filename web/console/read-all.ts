/** As many as one request gives. */
const limit = 200;

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** Everything of a list that is short enough to choose from. @throws ParleyError */
export const readAll = async <Item>(read: (page: { limit: number; cursor?: string }) => Promise<Page<Item>>): Promise<Item[]> => {
  const all: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await read({ limit, ...(cursor !== null && { cursor }) });
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
};
