/** Which task Flow and Credit show. */
import { memo, type ReactNode, useId } from 'react';
import type { Split } from '../../graph/world.ts';
import { useLab } from '../context.ts';
import { shownTask } from '../store/labState.ts';
import type { TaskEntry } from '../store/runState.ts';

const SPLITS: readonly (readonly [Split, string])[] = [
  ['train', 'Training'],
  ['validation', 'Validation'],
  ['heldOut', 'Held out'],
];

export function TaskChooser(): ReactNode {
  const tasks = useLab((state) => state.run?.tasks);
  const shown = useLab(shownTask);
  const chosen = useLab((state) => state.chosenTask);
  const choose = useLab((state) => state.chooseTask);
  const splitId = useId();
  const taskId = useId();
  if (tasks === undefined || shown === null) return null;
  const splits = SPLITS.filter(([split]) => tasks.some((task) => task.split === split));
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2 text-soft">
      <label htmlFor={splitId}>Task</label>
      <select
        id={splitId}
        aria-label="Split"
        className="control"
        value={shown.split}
        onChange={(event) => choose({ split: event.target.value as Split, index: 0 })}
      >
        {splits.map(([split, name]) => (
          <option key={split} value={split}>
            {name}
          </option>
        ))}
      </select>
      <label htmlFor={taskId} className="sr-only">
        Task of the split
      </label>
      <select
        id={taskId}
        className="control min-w-0 max-w-[28rem] flex-1 truncate"
        value={shown.index}
        onChange={(event) => choose({ split: shown.split, index: Number(event.target.value) })}
      >
        <Options tasks={tasks} split={shown.split} />
      </select>
      {chosen !== null && (chosen.split !== shown.split || chosen.index !== shown.index) && (
        <span role="status" className="basis-full">
          The address asks for task {chosen.split}.{chosen.index}, which this run does not have; {shown.split}.
          {shown.index} is shown.
        </span>
      )}
    </div>
  );
}

/** Thousands of options, so drawn only when the list changes and not at every step. */
const Options = memo(function Options({
  tasks,
  split,
}: {
  readonly tasks: readonly TaskEntry[];
  readonly split: Split;
}): ReactNode {
  return tasks
    .filter((task) => task.split === split)
    .map((task) => (
      <option key={`${task.suite} ${task.index}`} value={task.index}>
        {task.index + 1}. {task.text}
      </option>
    ));
});
