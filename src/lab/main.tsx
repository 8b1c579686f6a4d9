/** Starts the lab: reads the address, connects the session, shows the recorded run. Trains nothing. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SessionClient } from '../session/client.ts';
import { App } from './App.tsx';
import './app.css';
import { followAddress } from './address.ts';
import { LabContext } from './context.ts';
import { ExperimentsContext, experimentsSlot } from './experiments/slot.ts';
import { keepRuns } from './kept/keepRuns.ts';
import { openRunStorage } from './kept/runStorage.ts';
import { createShelf } from './kept/shelf.ts';
import { PRESETS } from './presets.ts';
import { decodeRecorded, type RecordedRun } from './recorded.ts';
import { offerScripting } from './scripting.ts';
import { createLab } from './store/createLab.ts';
import { browserMemory } from './store/memory.ts';
import { readUrl } from './urlState.ts';

const url = readUrl(location.hash, PRESETS);
const session = new SessionClient();
const lab = createLab({ session, presets: PRESETS, memory: browserMemory(storage()), url: url.state });
lab.getState().applyUrl(url);
followAddress(lab, PRESETS);
const { tell } = lab.getState();
const shelf = createShelf({ openStorage: openRunStorage, tell, now: () => new Date().toISOString() });
keepRuns(lab, session, shelf);
offerScripting(globalThis, lab, session);
// Figures and statistics come with them.
const experiments = experimentsSlot(async () =>
  (await import('./experiments/openExperiments.ts')).openExperiments(tell),
);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');
createRoot(root).render(
  <StrictMode>
    <LabContext value={{ lab, presets: PRESETS, shelf }}>
      <ExperimentsContext value={experiments}>
        <App />
      </ExperimentsContext>
    </LabContext>
  </StrictMode>,
);
const recorded = await fetchRecorded();
if (recorded !== null) shelf.getState().showRecorded(recorded.record);
lab.getState().showRecorded(recorded);

/** The recorded run; null where the site was built without one, or where it cannot be read. */
async function fetchRecorded(): Promise<RecordedRun | null> {
  try {
    const response = await fetch(new URL('recorded/first.json', document.baseURI));
    // A development server answers what it does not have with the page itself.
    if (!response.ok || response.headers.get('content-type')?.includes('json') !== true) return null;
    return decodeRecorded(await response.text());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    lab.getState().tell('warning', `The recorded run could not be shown: ${reason}.`, 'Train starts a new one.');
    return null;
  }
}

/** The browser's storage; null where it is forbidden. */
function storage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
