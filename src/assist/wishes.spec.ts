import { asksForPerson, isGreeting } from './wishes.js';

describe('N22 what a customer wants', () => {
  it.each([
    'I want to talk to a human',
    'Can I speak with a real person?',
    'please connect me to an agent',
    'Give me a human!',
    'agent please',
    'Human.',
    'Ich möchte mit einem Menschen sprechen',
    'Kann ich bitte mit einer Mitarbeiterin reden?',
    'Mitarbeiter bitte',
    'Je veux parler à un conseiller',
    'Quiero hablar con una persona',
  ])('%s: a person', (text) => expect(asksForPerson(text)).toBe(true));

  it.each([
    'How long does shipping take?',
    'Is this kettle safe for a person with allergies?',
    'I am a travel agent from Kiel',
    'Spricht der Wasserkocher mit mir?',
    'Combien de personnes ?',
    'Does the price go up per person?',
    `I want to talk to a human ${'about it '.repeat(40)}`,
    '',
  ])('%s: no person', (text) => expect(asksForPerson(text)).toBe(false));

  it.each(['Hi', 'hello!', 'Hello there', 'Guten Tag', 'Buenos días', 'Bonjour,'])('%s: only a greeting', (text) =>
    expect(isGreeting(text)).toBe(true),
  );
  it.each(['Hi, how long does shipping take?', 'history', 'Hey you'])('%s: more than a greeting', (text) =>
    expect(isGreeting(text)).toBe(false),
  );
});
