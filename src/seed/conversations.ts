/** Who says a line: the customer, the agent who has the room, or that agent to the colleagues alone. */
type Voice = 'customer' | 'agent' | 'note';

export interface Conversation {
  language: string;
  subject: string;
  label: string;
  team: 'Sales' | 'Workshop';
  page: string;
  lines: (readonly [Voice, string])[];
}

/** What customers of a bicycle shop write about, in the languages they write in. */
export const CONVERSATIONS: Conversation[] = [
  {
    language: 'en',
    subject: 'Where is my order?',
    label: 'Delivery',
    team: 'Sales',
    page: '/orders',
    lines: [
      ['customer', 'Hi! I ordered a touring bike nine days ago and the tracking page has said "packed" ever since.'],
      ['agent', 'Hello! Let me look at it. Is it order 48213?'],
      ['customer', 'Yes, that is the one.'],
      ['note', 'The carrier lost the first label. Printed a new one, it leaves tonight.'],
      ['agent', 'Thank you for waiting. The label was damaged on the way to the carrier; the bike leaves our warehouse tonight.'],
      ['customer', 'Great, thanks for finding out so quickly.'],
    ],
  },
  {
    language: 'de',
    subject: 'Bremsen quietschen',
    label: 'Repair',
    team: 'Workshop',
    page: '/werkstatt',
    lines: [
      ['customer', 'Guten Tag, nach 200 km quietschen die Bremsen an meinem neuen Rad. Ist das normal?'],
      ['agent', 'Guten Tag! Neue Beläge müssen sich einschleifen. Quietscht es auch bei trockenem Wetter?'],
      ['customer', 'Ja, jeden Morgen.'],
      ['agent', 'Dann sehen wir es uns an. Passt Ihnen Donnerstag um 16 Uhr in der Werkstatt?'],
      ['customer', 'Donnerstag passt, vielen Dank!'],
    ],
  },
  {
    language: 'en',
    subject: 'Which frame size?',
    label: 'Advice',
    team: 'Sales',
    page: '/bikes/gravel-two',
    lines: [
      ['customer', 'I am 1.78 m tall. Should I take the Gravel Two in M or in L?'],
      ['agent', 'Hello! Do you know the length of your inside leg?'],
      ['customer', '84 cm, I just measured it.'],
      ['agent', 'Then L fits you well, with the short stem. You can ride both in our shop before you decide.'],
      ['customer', 'I will come by on Saturday.'],
    ],
  },
  {
    language: 'fr',
    subject: 'Remboursement',
    label: 'Refund',
    team: 'Sales',
    page: '/fr/retours',
    lines: [
      ['customer', 'Bonjour, j’ai renvoyé le casque il y a deux semaines et je n’ai pas encore été remboursée.'],
      ['agent', 'Bonjour, je suis désolé. Pouvez-vous me donner le numéro du retour ?'],
      ['customer', 'R-7741'],
      ['note', 'Return R-7741 arrived on time, accounting had not booked it. Refund of 79.90 released.'],
      ['agent', 'Merci. Le remboursement de 79,90 € est parti aujourd’hui ; il arrive sous trois jours.'],
      ['customer', 'Merci beaucoup !'],
    ],
  },
  {
    language: 'en',
    subject: 'Battery does not charge',
    label: 'Warranty',
    team: 'Workshop',
    page: '/support/e-bikes',
    lines: [
      ['customer', 'The battery of my e-bike blinks red three times and does not charge any more.'],
      ['agent', 'Hello! Three times red is the temperature guard. Was it in the cold?'],
      ['customer', 'It was in the garage, about 2 degrees.'],
      ['agent', 'Please keep it in a warm room for two hours and try again. If it still blinks, we replace it under warranty.'],
      ['customer', 'It charges now. You saved my commute!'],
    ],
  },
  {
    language: 'es',
    subject: 'Cambio de dirección',
    label: 'Delivery',
    team: 'Sales',
    page: '/es/pedidos',
    lines: [
      ['customer', 'Hola, me he equivocado de dirección en el pedido 48377. ¿Se puede cambiar?'],
      ['agent', '¡Hola! Sí, todavía no ha salido. ¿Cuál es la dirección correcta?'],
      ['customer', 'Calle Mayor 12, 28013 Madrid.'],
      ['agent', 'Ya está cambiada. Lo recibirá el viernes.'],
      ['customer', 'Perfecto, gracias.'],
    ],
  },
  {
    language: 'en',
    subject: 'Invoice for my employer',
    label: 'Billing',
    team: 'Sales',
    page: '/account/invoices',
    lines: [
      ['customer', 'Could you put the name of my company on the invoice of last month?'],
      ['agent', 'Of course. What should it say?'],
      ['customer', 'Brightwater Ltd, 4 Quay Street, Bristol.'],
      ['agent', 'You find the new invoice in your account now.'],
    ],
  },
  {
    language: 'en',
    subject: 'A spoke broke',
    label: 'Repair',
    team: 'Workshop',
    page: '/workshop',
    lines: [
      ['customer', 'A spoke of my rear wheel broke this morning. Can I still ride it home?'],
      ['agent', 'Slowly and without luggage, yes. Please fix the loose spoke to its neighbour with tape.'],
      ['customer', 'Done. When can you mend it?'],
      ['note', 'Needs the 292 mm spokes, two left in the drawer.'],
      ['agent', 'Bring it today until six, then it is ready tomorrow at noon. It costs 25 including truing.'],
      ['customer', 'See you at five.'],
    ],
  },
];

/** A customer's name, and what a site knows of it. */
export const CUSTOMERS: (readonly [name: string, city: string, language: string])[] = [
  ['Mia Becker', 'Berlin', 'de'],
  ['Oliver Hughes', 'Bristol', 'en'],
  ['Camille Laurent', 'Lyon', 'fr'],
  ['Lucía Herrera', 'Madrid', 'es'],
  ['Noah Clarke', 'Leeds', 'en'],
  ['Jonas Weber', 'Leipzig', 'de'],
  ['Amelia Wright', 'York', 'en'],
  ['Emma Schulz', 'Köln', 'de'],
  ['Hugo Moreau', 'Nantes', 'fr'],
  ['Isla Campbell', 'Glasgow', 'en'],
  ['Mateo Ruiz', 'Valencia', 'es'],
  ['Finn Hoffmann', 'Hamburg', 'de'],
  ['Chloé Girard', 'Lille', 'fr'],
  ['Harper Evans', 'Cardiff', 'en'],
  ['Lena Fischer', 'Dresden', 'de'],
  ['Samuel Osei', 'London', 'en'],
  ['Inès Fontaine', 'Rennes', 'fr'],
  ['Sofía Navarro', 'Sevilla', 'es'],
  ['Ethan Murphy', 'Dublin', 'en'],
  ['Paula Krüger', 'Bremen', 'de'],
  ['Aisha Rahman', 'Bradford', 'en'],
  ['Louis Mercier', 'Metz', 'fr'],
  ['Zoe Anderson', 'Oxford', 'en'],
  ['Felix Brandt', 'Kiel', 'de'],
  ['Valentina Gil', 'Bilbao', 'es'],
  ['Jack O’Connor', 'Cork', 'en'],
  ['Marie Petit', 'Nice', 'fr'],
  ['Tom Lehmann', 'Erfurt', 'de'],
  ['Priya Shah', 'Leicester', 'en'],
  ['Nina Vogel', 'Ulm', 'de'],
];

/** What a customer of each language says of good help. */
export const COMMENTS: Record<string, string> = {
  en: 'Quick and friendly.',
  de: 'Schnell und freundlich.',
  fr: 'Très bon service.',
  es: 'Rápido y muy amable.',
};
