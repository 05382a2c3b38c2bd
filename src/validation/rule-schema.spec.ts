import 'reflect-metadata';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { IsInt, MinLength } from 'class-validator';
import fc from 'fast-check';
import * as auth from '../auth/auth.dto.js';
import * as agent from '../business/agent.dto.js';
import * as business from '../business/business.dto.js';
import * as presence from '../business/presence.dto.js';
import * as chat from '../chat/chat.dto.js';
import * as message from '../message/message.dto.js';
import * as room from '../room/room.dto.js';
import { rulesOf } from './compiled-rules.js';
import { faultsOf } from './payload.pipe.js';
import { ruleSchema } from './rule-schema.js';
import { IsId, IsList, IsText, Nullable, Optional, OrNull } from './rules.js';

type Class = new () => object;

const isClass = (exported: unknown): exported is Class => typeof exported === 'function' && exported.prototype !== undefined;
const DTOS = [auth, agent, business, presence, chat, message, room].flatMap((module) => Object.values(module).filter(isClass));
const ID = '01900000-0000-7000-8000-00000000000a';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, keywords: ['x-max-bytes'] });
addFormats.default(ajv);

/** Values at and around the edges of the rules: of each kind some that are right somewhere. */
const edge = fc.constantFrom<unknown>(
  ...[null, true, 'true', '', ' \n', '\uFEFF', 'x', 'x'.repeat(63), 'x'.repeat(64), 'x'.repeat(120), 'x'.repeat(121)],
  ...['🙂'.repeat(200), '🙂'.repeat(201), '🙂'.repeat(4000), '🙂'.repeat(4001), 'y'.repeat(4096), 'y'.repeat(4097)],
  ...[ID, ID.toUpperCase(), ID.slice(1), `${ID}0`, 'me', 'ME', 'none', 'public', 'internal', 'low', 'open', 'agent', 'guest', 'online'],
  ...[
    'a@b.example',
    'Ä@B.example',
    ' a@b.example ',
    'a＠b.example',
    'https://a.example',
    'https://a.example/x',
    '#1a2b3c',
    '#1A2B3G',
    'en',
    'pt-BR',
  ],
  ...['shop', 'sh op', '-shop', -1, 0, -0, 1, 0.5, 200, 201, 10_000, 10_001, 31_536_000, 31_536_001, Number.MAX_SAFE_INTEGER, 2 ** 53],
  ...[[], [ID], [ID, ID], [ID.toUpperCase(), ID], ['x'], ['name', 'email'], ['name', 'name'], ['https://a.example'], ['nonsense']],
  ...[
    {},
    { public: 0 },
    { public: -1 },
    { x: 1 },
    { color: '#1a2b3c' },
    { color: null },
    { editWindowSeconds: 5 },
    { multipleRooms: null },
  ],
  ...[{ required: ['name'] }, { required: ['age'] }, { required: null }, { name: 'Ada', email: 'a@b.example', password: 'long enough' }],
);
/** JSON Schema cannot tell which address is one, nor how many bytes an object has, so no such thing is drawn. */
const value = fc.oneof({ weight: 6, arbitrary: edge }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
const isMailLike = (given: unknown): boolean => typeof given === 'string' && /[@＠]/.test(given) && !given.includes('.example');

/** A payload with most of the fields that a class has, so that many are right as a whole. */
const payloadOf = (type: Class): fc.Arbitrary<Record<string, unknown>> => {
  const { properties } = ruleSchema(type) as { properties: Record<string, unknown> };
  const names = [...Object.keys(properties), 'unknown'];
  return fc.dictionary(fc.constantFrom(...names), value, { maxKeys: names.length, noNullPrototype: true });
};

describe('the schema of a rule', () => {
  it.each(DTOS.map((type): [string, Class] => [type.name, type]))('A43 of %s accepts and refuses what the rules do', (_, type) => {
    const validate = ajv.compile(ruleSchema(type));
    const differing: unknown[] = [];
    fc.assert(
      fc.property(payloadOf(type), (payload) => {
        if (Object.values(payload).some(isMailLike)) return;
        if (validate(payload) !== rulesOf(type).accepts(payload)) differing.push(payload);
      }),
      { numRuns: 300, seed: 11 },
    );
    expect(differing).toEqual([]);
  });

  it('A43 of each field accepts and refuses what the rules do', () => {
    const seen = { accepted: 0, refused: 0 };
    for (const type of DTOS) {
      const { properties } = ruleSchema(type) as { properties: Record<string, object> };
      for (const [name, schema] of Object.entries(properties)) {
        const validate = ajv.compile(schema);
        const isFault = ({ path }: { path: string }): boolean => path === name || path.startsWith(`${name}.`);
        for (const given of fc.sample(value, { numRuns: 150, seed: 5 })) {
          if (isMailLike(given)) continue;
          const isAccepted = !faultsOf(type, { [name]: given }).some(isFault);
          seen[isAccepted ? 'accepted' : 'refused']++;
          expect([type.name, name, given, validate(given)]).toEqual([type.name, name, given, isAccepted]);
        }
      }
    }
    expect(seen.accepted).toBeGreaterThan(1000);
    expect(seen.refused).toBeGreaterThan(1000);
  });

  it('says what may be absent and what may be null', () => {
    class Example {
      @IsId()
      must: string;

      @Optional()
      @IsText(3)
      may?: string;

      @Nullable()
      @IsText(3)
      mayOrNull?: string | null;

      @OrNull()
      @IsList(2)
      @IsId({ each: true })
      mustOrNull: string[] | null;
    }
    expect(ruleSchema(Example)).toEqual({
      type: 'object',
      properties: {
        must: { type: 'string', format: 'uuid' },
        may: { type: 'string', minLength: 1, maxLength: 3, pattern: '\\S' },
        mayOrNull: { type: ['string', 'null'], minLength: 1, maxLength: 3, pattern: '\\S' },
        mustOrNull: { type: ['array', 'null'], maxItems: 2, uniqueItems: true, items: { type: 'string', format: 'uuid' } },
      },
      required: ['must', 'mustOrNull'],
      additionalProperties: false,
    });
  });

  it('refuses a rule that it cannot say', () => {
    class Example {
      @IsInt()
      @MinLength(2)
      field: string;
    }
    expect(() => ruleSchema(Example)).toThrow('Example.field has a rule without a schema: minLength');
  });
});
