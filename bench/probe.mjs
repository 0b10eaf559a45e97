// Preloaded into every measured process: tells of its heap and its processor time when asked over IPC, and changes nothing otherwise.
import { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const SAMPLE_EVERY_US = 500;
const session = new Session();

const answers = {
  heap: async () => {
    // What a socket holds is let go in steps: twice, with a breath in between.
    for (let times = 0; times < 2; times += 1) {
      globalThis.gc();
      await sleep(100);
    }
    globalThis.gc();
    return process.memoryUsage().heapUsed;
  },
  'profile-start': async () => {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
    await session.post('Profiler.start');
    return null;
  },
  'profile-stop': async () => {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    return profile;
  },
};

process.on('message', ({ id, ask }) => {
  const answer = answers[ask];
  if (answer === undefined) return;
  answer().then(
    (value) => process.send({ id, value }),
    (error) => process.send({ id, error: String(error) }),
  );
});
// The process ends as if nobody listened.
process.channel.unref();
