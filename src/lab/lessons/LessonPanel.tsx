/** The Lessons view. */
import './lessons.css';
import { LessonShell } from './LessonShell.tsx';
import { whatFlows } from './whatFlows/whatFlows.ts';

export function LessonPanel() {
  return <LessonShell lesson={whatFlows} />;
}
