/** Questions about held-out tasks, in wordings that were not trained on, that the model that ships answers rightly. */
import type { Call } from '../../graph/call.ts';

export const KNOWN: readonly { readonly call: Call; readonly answer: string }[] = [
  {
    call: {
      act: 'search',
      task: 'What is the demonym of the country that has a border with both Bulgaria and Syria?',
      inputs: ['find the country that has a border with both Bulgaria and Syria, then its demonym'],
      skill: null,
    },
    answer: 'border Bulgaria Syria',
  },
  {
    call: {
      act: 'search',
      task: 'What is the subregion of the country whose demonym is Malaysian?',
      inputs: ['subregion of Malaysia: South-Eastern Asia'],
      skill: { name: 'skill', version: 1, text: 'Keep to the numbers that are given.' },
    },
    answer: 'Malaysian',
  },
  {
    call: {
      act: 'search',
      task: 'What is the subregion of the country whose capital is Banjul?',
      inputs: [],
      skill: {
        name: 'skill',
        version: 1,
        text: 'Search with the name of the clue alone, without the relation. Write only the first command.',
      },
    },
    answer: 'Banjul',
  },
  {
    call: {
      act: 'search',
      task: 'Which country shares a border with the country whose demonym is Spanish?',
      inputs: ['find the country whose demonym is Spanish, then its border'],
      skill: { name: 'skill', version: 1, text: 'In one query ask for what is asked and the name in the clue.' },
    },
    answer: 'border Spanish',
  },
  {
    call: {
      act: 'answer',
      task: 'What is the subregion of the country whose demonym is Malaysian?',
      inputs: ['subregion of Malaysia: South-Eastern Asia'],
      skill: { name: 'skill', version: 1, text: 'Keep to the numbers that are given.' },
    },
    answer: 'South-Eastern Asia',
  },
  {
    call: {
      act: 'answer',
      task: 'Which country shares a border with the country whose demonym is Spanish?',
      inputs: ['border of Andorra: France, Spain | border of Spain: Andorra, France, Portugal, Morocco'],
      skill: { name: 'skill', version: 1, text: 'The answer is the name of the country. Give one command and stop.' },
    },
    answer: 'Andorra',
  },
  {
    call: { act: 'calculate', task: 'make 32 from 4, 4, 8 and 9', inputs: ['8 * 4 = 32'], skill: null },
    answer: '8 * 4',
  },
  {
    call: {
      act: 'calculate',
      task: 'make 42 from 2, 4, 6 and 7',
      inputs: ['7 * 6 = 42'],
      skill: {
        name: 'skill',
        version: 1,
        text: 'Does "try", then "check from A" in one step. For where these can be done one after the other. Both acts are done or neither: where only the first was needed, the second is done too. Write the sum of the two largest numbers.',
      },
    },
    answer: '7 + 6',
  },
  {
    call: {
      act: 'plan',
      task: 'What is the demonym of the country that has a border with both Bulgaria and Syria?',
      inputs: [],
      skill: null,
    },
    answer: 'find the country that has a border with both Bulgaria and Syria, then its demonym',
  },
  {
    call: {
      act: 'try',
      task: 'put a cooled pan on the countertop. you are in the kitchen, pan is on the shelf, knife is on the shelf. kitchen: countertop, freezer; study: sofa, shelf.',
      inputs: [],
      skill: null,
    },
    answer:
      'go to the study with the sofa, shelf; take pan from the shelf; go to the kitchen with the freezer, countertop; cool pan with the freezer; put pan on the countertop',
  },
];
