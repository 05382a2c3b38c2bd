interface Picked {
  id: string;
  label: string;
}

interface Colleague {
  id: string;
  name: string | null;
  disabled: boolean;
}

const callOf = (name: string): RegExp => new RegExp(`@${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu');

/**
 * Whom a text calls: by their names, since a draft that was begun elsewhere does not tell who was picked. Of several of one name it is
 * whoever was.
 */
export const calledIn = (text: string, picked: readonly Picked[], colleagues: readonly Colleague[]): string[] => {
  const others = colleagues.flatMap(({ id, name, disabled }) =>
    disabled || name === null || picked.some(({ label }) => label === name) ? [] : { id, label: name },
  );
  const people = [...picked, ...others];
  // The longest name first: who is named Ann is not called by the name of Ann Lee.
  const names = [...new Set(people.map(({ label }) => label))].sort((one, other) => other.length - one.length);
  const called = new Set<string>();
  let rest = text;
  for (const name of names) {
    const left = rest.replace(callOf(name), ' ');
    if (left !== rest) for (const { id, label } of people) if (label === name) called.add(id);
    rest = left;
  }
  return [...called];
};
