/**
 * The form of a lesson: pages as data over one state, and a stage that draws the state. A page
 * says something, asks the reader to do one thing, and knows from the state when it is done.
 * To add a lesson, make a folder with a model, its pages and a stage, and list it in LessonPanel.
 */
import type { ComponentType, ReactNode } from 'react';

export interface Page<State> {
  readonly id: string;
  readonly title: string;
  readonly text: ReactNode;
  /** TeX, a constant of ours. */
  readonly equation?: string;
  /** The one thing that the reader is asked to do. */
  readonly ask: ReactNode;
  readonly done: (state: State) => boolean;
  /** What the reader has just seen, told once it is done. */
  readonly seen: ReactNode;
  /** Sets the stage when the page is opened. */
  readonly enter?: (state: State) => State;
}

export interface StageProps<State> {
  /** Id of the open page: the stage shows the controls that it needs. */
  readonly page: string;
  readonly state: State;
  readonly onState: (change: (state: State) => State) => void;
}

export interface Lesson<State> {
  readonly id: string;
  readonly title: string;
  readonly initial: () => State;
  readonly pages: readonly Page<State>[];
  readonly Stage: ComponentType<StageProps<State>>;
}
