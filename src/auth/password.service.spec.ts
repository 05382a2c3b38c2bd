import { readEnv } from '../config/env.js';
import { type AppError } from '../error/app-error.js';
import { PasswordService } from './password.service.js';

const service = (cost: number): PasswordService => new PasswordService(readEnv({ BCRYPT_COST: String(cost) }));
const median = (numbers: number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;

describe('PasswordService', () => {
  it('A6 hashes with a salt, all of the password, and knows it again', async () => {
    const passwords = service(4);
    const password = `${'k9'.repeat(60)}\u{1f600} `;
    const [first, second] = [await passwords.hash(password, []), await passwords.hash(password, [])];
    expect(first).toMatch(/^\$2b\$04\$/);
    expect(first).not.toBe(second);
    expect(await passwords.verify(password, first)).toBe(true);
    for (const other of [password.trim(), password.slice(1), `${password}\0`, password.toUpperCase(), '']) {
      expect(await passwords.verify(other, first)).toBe(false);
    }
  });

  it('A17 nobody is known by the password of the dummy', async () => {
    expect(await service(4).verify('nobody has this password', null)).toBe(false);
  });

  it("A4 takes as long for nobody's account as for somebody's", async () => {
    const passwords = service(10);
    const hash = await passwords.hash('correct horse battery', []);
    const taken: { somebody: number[]; nobody: number[] } = { somebody: [], nobody: [] };
    for (let i = 0; i < 11; i++) {
      for (const [who, known] of [
        ['somebody', hash],
        ['nobody', null],
      ] as const) {
        const since = performance.now();
        await passwords.verify('wrong', known);
        taken[who].push(performance.now() - since);
      }
    }
    const ratio = median(taken.nobody) / median(taken.somebody);
    // Wide, because the machine has other work; without the dummy it is near nothing.
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it('A9 works on two at a time, lets 200 wait and refuses the rest at once', async () => {
    const passwords = service(4);
    const answers = await Promise.all(
      Array.from({ length: 210 }, () => passwords.verify('x', null).catch((error: unknown) => (error as AppError).code)),
    );
    expect(answers.filter((answer) => answer === false)).toHaveLength(202);
    expect(answers.filter((answer) => answer === 'unavailable')).toHaveLength(8);
    // And is as good as new behind it.
    const again = await Promise.all(Array.from({ length: 202 }, () => passwords.verify('x', null)));
    expect(new Set(again)).toEqual(new Set([false]));
  });

  it.each<[string, string, (string | null | undefined)[]]>([
    ['short', 'Ab3$xyz', []],
    ['short in characters', '\u{1f600}'.repeat(7), []],
    ['common', 'iloveyou1', []],
    ['the address', 'Eve@Mail.Example', ['eve@mail.example']],
    ['the part before the @', 'mallory.meyer', ['mallory.meyer@mail.example']],
    ['the name with a number', 'Flower-Power 2026!', [null, undefined, 'Flower Power']],
  ])('A7 %s is weak', async (_, password, context) => {
    await expect(service(4).hash(password, context)).rejects.toMatchObject({ code: 'auth.password_weak' });
  });

  it('A7 a name inside a longer one does no harm, nor does an empty context', async () => {
    for (const password of ['Flower Power and a horse', '12345678-9x!', '\u5bc6\u7801\u5f88\u957f\u5f88\u5b89\u5168\u554a']) {
      await expect(service(4).hash(password, ['Flower Power', '', 'A1'])).resolves.toMatch(/^\$2b/);
    }
  });
});
