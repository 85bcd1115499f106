/** Whoever plays in the demo. Names and numbers that belong to nobody (RFC 2606, and numbers kept for fiction). */
export const agents = [
  { name: 'Ana Reyes', email: 'ana@demo.test' },
  { name: 'Ben Okafor', email: 'ben@demo.test' },
  { name: 'Chloe Martin', email: 'chloe@demo.test' },
] as const;

export interface Customer {
  readonly name: string;
  /** Digits, as WhatsApp names people. */
  readonly phone: string;
  readonly email: string;
}

export const customers: readonly Customer[] = [
  { name: 'Mia Lindqvist', phone: '15550100101', email: 'mia.lindqvist@example.org' },
  { name: 'Tomás Herrera', phone: '15550100102', email: 'tomas.herrera@example.org' },
  { name: 'Yuki Tanaka', phone: '15550100103', email: 'yuki.tanaka@example.net' },
  { name: 'Amara Nwosu', phone: '15550100104', email: 'amara.nwosu@example.com' },
  { name: 'Lukas Weber', phone: '15550100105', email: 'lukas.weber@example.org' },
  { name: 'Priya Nair', phone: '15550100106', email: 'priya.nair@example.net' },
  { name: 'Jonas Berg', phone: '15550100107', email: 'jonas.berg@example.com' },
  { name: 'Elif Demir', phone: '15550100108', email: 'elif.demir@example.org' },
  { name: 'Sofia Rossi', phone: '15550100109', email: 'sofia.rossi@example.net' },
  { name: 'Noah Fischer', phone: '15550100110', email: 'noah.fischer@example.com' },
  { name: 'Grace Kim', phone: '15550100111', email: 'grace.kim@example.org' },
  { name: 'Omar Haddad', phone: '15550100112', email: 'omar.haddad@example.net' },
];

/** What a customer wants, and how the talk about it goes. */
export interface Story {
  readonly subject: string;
  readonly label: string;
  readonly asks: readonly string[];
  readonly answers: readonly string[];
  readonly note: string;
  readonly thanks: string;
}

export const stories: readonly Story[] = [
  {
    subject: 'Order 20481 has not arrived',
    label: 'delivery',
    asks: [
      'Hi, my order 20481 was due on Tuesday and it is still not here.',
      'The tracking page has said “in transit” for four days now.',
    ],
    answers: [
      'I am sorry about that. I have asked the carrier, and they will deliver tomorrow before noon.',
      'If it is not there by then, write to me and I will send a new one the same day.',
    ],
    note: 'Carrier lost the first scan; parcel is in the Lyon depot.',
    thanks: 'Great, thank you for looking into it!',
  },
  {
    subject: 'Wrong size',
    label: 'returns',
    asks: ['The jacket is lovely, but I need it one size larger. Can I swap it?'],
    answers: [
      'Of course. I have put a size L aside for you; the return label is on its way by mail.',
      'Once you have handed the parcel in, the new one leaves our warehouse within a day.',
    ],
    note: 'Swap, no charge: second order this year.',
    thanks: 'That was easy. Thanks!',
  },
  {
    subject: 'Question about invoice 7732',
    label: 'billing',
    asks: [
      'Could you put our VAT number on invoice 7732?',
      'Our accountant needs it before the end of the month.',
    ],
    answers: ['Done. The corrected invoice is in your account, and I have sent a copy to this address.'],
    note: 'VAT number checked in VIES, valid.',
    thanks: 'Perfect, got it.',
  },
  {
    subject: 'Cannot sign in',
    label: 'account',
    asks: ['I changed my phone and now I cannot sign in to my account.', 'It says the code is wrong.'],
    answers: [
      'That happens when the new phone’s clock is off. I have reset the second factor; please set it up again.',
      'The link for that is valid for an hour.',
    ],
    note: 'Identity confirmed by the last order and the billing address.',
    thanks: 'Works again. You are quick!',
  },
  {
    subject: 'Do you ship to Norway?',
    label: 'sales',
    asks: ['Do you ship to Norway, and what does it cost?'],
    answers: ['We do: 12 € for up to five kilos, two to four days. Above 100 € it is free.'],
    note: 'Wants twenty pieces for a company event; offer a quote.',
    thanks: 'Good to know. I will order tonight.',
  },
  {
    subject: 'Broken on arrival',
    label: 'returns',
    asks: [
      'The lamp came with a broken shade. I can send a picture.',
      'I would rather have a new shade than return everything.',
    ],
    answers: [
      'A picture would help, thank you. A new shade is packed already and leaves today.',
      'No need to send the broken one back.',
    ],
    note: 'Third broken shade this week from the same batch: told purchasing.',
    thanks: 'Wonderful service.',
  },
];
