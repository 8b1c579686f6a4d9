/** What a household is made of: the words from which layouts and goals are drawn. */

export type Treatment = 'heat' | 'cool' | 'clean';

/** How a thing is spoken of after the treatment. */
export const TREATED: Readonly<Record<Treatment, string>> = { heat: 'heated', cool: 'cooled', clean: 'cleaned' };

/** Things that can be carried, and the treatments that a goal may ask for. (Any act can be tried on anything.) */
export const OBJECTS: Readonly<Record<string, readonly Treatment[]>> = {
  apple: ['heat', 'cool', 'clean'],
  bowl: ['heat', 'cool', 'clean'],
  bread: ['heat', 'cool'],
  cloth: ['heat', 'clean'],
  egg: ['heat', 'cool', 'clean'],
  fork: ['cool', 'clean'],
  knife: ['cool', 'clean'],
  lettuce: ['cool', 'clean'],
  mug: ['heat', 'cool', 'clean'],
  pan: ['heat', 'cool', 'clean'],
  plate: ['heat', 'cool', 'clean'],
  potato: ['heat', 'cool', 'clean'],
  spoon: ['heat', 'cool', 'clean'],
  tomato: ['heat', 'cool', 'clean'],
};

/** Receptacles, and whether one must be opened before anything is taken out or put in. */
export const CONTAINERS: Readonly<Record<string, { readonly openable: boolean }>> = {
  bed: { openable: false },
  cabinet: { openable: true },
  'coffee table': { openable: false },
  countertop: { openable: false },
  desk: { openable: false },
  'dining table': { openable: false },
  drawer: { openable: true },
  dresser: { openable: true },
  nightstand: { openable: false },
  shelf: { openable: false },
  sofa: { openable: false },
  wardrobe: { openable: true },
};

/** Receptacles that hold nothing and treat what is in hand. */
export const APPLIANCES: Readonly<Record<Treatment, readonly string[]>> = {
  heat: ['microwave', 'stove'],
  cool: ['fridge', 'freezer'],
  clean: ['sink', 'dishwasher'],
};

/** The first room of a household is the kitchen, where the appliances are. */
export const KITCHEN = 'kitchen';
export const OTHER_ROOMS: readonly string[] = ['bedroom', 'hallway', 'living room', 'study'];
