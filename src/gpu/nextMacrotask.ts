/** Lets waiting messages be handled. Timers are clamped to 4 ms when nested; a message channel is not. */
export function nextMacrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Yields to waiting messages where `milliseconds` have gone by since it last did: call it often. */
export function yielder(milliseconds = 25): () => Promise<void> {
  let next = performance.now() + milliseconds;
  return async () => {
    if (performance.now() < next) return;
    await nextMacrotask();
    next = performance.now() + milliseconds;
  };
}
